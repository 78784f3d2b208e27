import { describe, expect, test } from "vitest";
import { queryLogs } from "../../shared/azure/application-ratio/logs-client.ts";
import { createVaultClient } from "../../shared/azure/key-probe/vault-client.ts";
import { createHealthClient } from "../../shared/azure/resource-health/health-client.ts";
import { createSignals } from "../../shared/azure/signals.ts";
import { createSqlManagement } from "../../shared/azure/sql-management.ts";
import type { Site } from "../../shared/domain/group.ts";
import { ownObjectId } from "../../simulator/azure/arm/activity-service.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { vaultAddresses } from "../../simulator/azure/data/vault-service.ts";
import { createSignalsPort } from "../../simulator/azure/port/signals-port.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { signalsContract } from "./signals.contract.ts";
import { createLab, fault, group, HOUR, MINUTE, SECOND, sites } from "./world-under-test.ts";

function onTheWire(world: World, site: Site) {
  return createSignals({
    credential: createSimulatedCredential(world, site),
    httpClient: createWire(world, site),
    resolveName: vaultAddresses(world, site),
    ownIds: [ownObjectId(world)],
    timeoutMs: 8 * SECOND,
    clock: world.clock,
    // Loading takes real time, which virtual time does not wait for.
    createClient: createSqlManagement,
    createHealth: createHealthClient,
    askLogs: queryLogs,
    createVault: createVaultClient,
  });
}

signalsContract("signals, simulated at the port", createSignalsPort);
signalsContract("signals, real adapter on the simulated wire", onTheWire);

describe("signals, real adapter on the simulated wire, beyond the port", () => {
  const start = (...faults: Parameters<typeof createLab>[0] & object) => {
    const lab = createLab(faults);
    return { ...lab, signals: onTheWire(lab.world, sites.neu) };
  };
  const probeOf = async ({ run, signals }: ReturnType<typeof start>) =>
    (await run(signals.advice(group, "home"))).find(({ source }) => source === "key-vault-probe");

  test("this site's own way to the secondary's key goes by name, key, wrap and unwrap", async () => {
    expect(await probeOf(start())).toMatchObject({
      kind: "ok",
      said: "reached, by a private address",
    });
  });

  test.each([
    ["ForbiddenByRbac", "refused at get-key: ForbiddenByRbac, by a private address"],
    ["ForbiddenByConnection", "refused at firewall: ForbiddenByConnection, by a private address"],
  ])("a vault that says %s is told with the layer that failed", async (value, says) => {
    const refused = fault("platform-advice", { source: "key-vault-probe", value });
    expect(await probeOf(start(refused))).toMatchObject({ kind: "bad", said: says });
  });

  test("a disabled key is found before anything is wrapped with it", async () => {
    const disabled = fault("key-denied", { on: "partner", code: "AkvKeyDisabled" });
    const says = "refused at key-state: KeyDisabled, by a private address";
    expect(await probeOf(start(disabled))).toMatchObject({ kind: "bad", said: says });
  });

  test("a minute's probe is not repeated, it grows older", async () => {
    const lab = start();
    await probeOf(lab);
    await lab.pass(30 * SECOND);
    expect((await probeOf(lab))?.ageMs).toBeGreaterThanOrEqual(30 * SECOND);
    await lab.pass(MINUTE);
    expect((await probeOf(lab))?.ageMs).toBeLessThan(SECOND);
  });

  test("what our own identity did is ours", async () => {
    const { run, pass, world, signals } = start();
    world.activity.push({
      group: group.name,
      request: "c-1",
      what: "failover",
      step: "begun",
      operation: "Microsoft.Sql/locations/instanceFailoverGroups/failover/action",
      by: "neu",
      ours: true,
      side: "partner",
      at: world.at,
    });
    await pass(5 * MINUTE);
    expect(await run(signals.activity(group, HOUR))).toMatchObject({ entries: [{ ours: true }] });
  });

  test.each([
    ["arm-5xx", { status: 503 }],
    ["arm-throttled", {}],
    ["arm-down", {}],
  ] as const)("%s is told as Resource Manager's own failure, of both sides", async (what, more) => {
    const { run, signals } = start(fault(what, more));
    const advice = await run(signals.advice(group, "home"));
    expect(advice.map(({ source }) => source)).toEqual(["primary-arm", "secondary-arm"]);
    const kind = what === "arm-throttled" ? "throttled" : "failing";
    expect(advice.map((told) => told.kind)).toEqual([kind, kind]);
  });

  test("without a token the advice is that there is none", async () => {
    const { run, signals } = start(fault("identity-down", { tokenGoodFor: 0 }));
    const advice = await run(signals.advice(group, "home"));
    expect(new Set(advice.map(({ source }) => source))).toEqual(new Set(["identity"]));
  });
});
