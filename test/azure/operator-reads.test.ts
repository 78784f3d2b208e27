import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAccess } from "../../cli/check/azure/access.ts";
import { createCanary } from "../../cli/check/azure/canary-state.ts";
import { createGroupDirectory } from "../../cli/check/azure/group-directory.ts";
import { createPlaces } from "../../cli/check/azure/places.ts";
import type { Access } from "../../cli/check/ports/access.ts";
import type { Places } from "../../cli/check/ports/places.ts";
import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import { createSession } from "../../shared/azure/sql/session.ts";
import { createSimulatedCredential } from "../../simulator/azure/identity-face.ts";
import { createTdsFace } from "../../simulator/azure/tds/tds-face.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createLab, fault, group, home, partner, sites } from "../contract/world-under-test.ts";
import { answering, credential, deaf, impatient, ok } from "./answering.ts";
import { anyAnswer } from "./any-answer.ts";
import { neu, type WireAnswer } from "./arm-wire.ts";

const SCOPE = `/subscriptions/${neu.subscriptionId}/resourceGroups/${neu.resourceGroup}`;
const WHO = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const APP = { subscriptionIds: [neu.subscriptionId], type: "Microsoft.Web/sites", name: "app-1" };

function readsOn(answer: Parameters<typeof answering>[0]) {
  const { httpClient, sent } = answering(answer);
  const options = { credential, httpClient, timeoutMs: 8_000 };
  return {
    access: createAccess(options),
    places: createPlaces(options),
    directory: createGroupDirectory(options),
    sent,
  };
}

/** Every question, on one transport. */
function askAll(access: Access, places: Places): readonly Promise<{ readonly kind: string }>[] {
  return [
    access.ownAt(SCOPE),
    access.ofPrincipal(WHO, SCOPE),
    places.ofResourceGroup(neu),
    places.ofResource(APP),
  ];
}

const roleId = "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/r-1";
const assignmentAt = (scope: string) => ({
  properties: { scope, roleDefinitionId: roleId, principalId: WHO },
});

/** Answers role assignments of these scopes, and one definition. */
function rbac(scopes: readonly string[], permissions: unknown): Parameters<typeof answering>[0] {
  return ({ url }) =>
    url.includes("roleAssignments")
      ? ok({ value: scopes.map(assignmentAt) })
      : ok({ properties: { roleName: "any", permissions } });
}

describe("rights", () => {
  test("of another principal are those of its roles at the scope and above it", async () => {
    const permissions = [{ actions: ["*/read"], notActions: ["x/read"] }];
    const above = [
      `/subscriptions/${neu.subscriptionId}`,
      "/",
      "/providers/Microsoft.Management/managementGroups/all",
    ];
    const { access, sent } = readsOn(rbac([SCOPE.toUpperCase(), ...above], permissions));
    expect(await access.ofPrincipal(WHO, SCOPE)).toEqual({ kind: "read", grants: permissions });
    expect(sent.map(({ method }) => method)).toEqual(["GET", "GET"]);
    const { searchParams } = new URL(sent[0]?.url ?? "");
    expect(searchParams.get("$filter")).toBe(`atScope() and assignedTo('${WHO}')`);
  });

  test("of a neighbour's scope, or of one below, do not count", async () => {
    const elsewhere = [`${SCOPE}-2`, `${SCOPE}/providers/Microsoft.Sql/managedInstances/mi`];
    const { access } = readsOn(rbac(elsewhere, [{ actions: ["*"], notActions: [] }]));
    expect(await access.ofPrincipal(WHO, SCOPE)).toEqual({ kind: "read", grants: [] });
  });

  test("whose exceptions cannot be read are unknown, not without exceptions", async () => {
    const { access } = readsOn(rbac([SCOPE], [{ actions: ["*"] }]));
    expect(await access.ofPrincipal(WHO, SCOPE)).toEqual({
      kind: "unknown",
      because: "not-a-role",
    });
  });

  test("are asked for in nobody's name but a principal's", async () => {
    const { access, sent } = readsOn(() => ok({ value: [] }));
    const reading = await access.ofPrincipal("x') or true or ('", SCOPE);
    expect(reading).toEqual({ kind: "unknown", because: "not-a-principal-id" });
    expect(sent).toEqual([]);
  });
});

describe("places", () => {
  const listed = (more: object = {}) =>
    ok({ value: [{ name: "app-1", type: APP.type, location: "North Europe", ...more }] });

  test("are regions in their short spelling", async () => {
    const { places } = readsOn(() => listed());
    expect(await places.ofResource(APP)).toEqual({ kind: "at", region: "northeurope", runsAs: [] });
  });

  test("of an app tell the identities that it runs under", async () => {
    const id = `${SCOPE}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-1`;
    const identity = {
      type: "SystemAssigned, UserAssigned",
      principalId: WHO,
      userAssignedIdentities: { [id]: { principalId: "p-2" } },
    };
    const { places } = readsOn(() => listed({ identity }));
    expect(await places.ofResource(APP)).toMatchObject({
      runsAs: [
        { principalId: WHO, resource: null },
        { principalId: "p-2", resource: { subscriptionId: neu.subscriptionId, name: "id-1" } },
      ],
    });
  });

  test("a list of other things does not prove that there is none", async () => {
    const { places } = readsOn(() => listed({ name: "app-2" }));
    expect(await places.ofResource(APP)).toMatchObject({ kind: "unknown" });
    expect(await readsOn(() => ok({ value: [] })).places.ofResource(APP)).toEqual({ kind: "none" });
  });

  test("one subscription that does not answer leaves it unknown", async () => {
    const { places } = readsOn(({ url }) =>
      url.includes("/subscriptions/s-2/") ? { status: 403, body: "{}" } : ok({ value: [] }),
    );
    const both = { ...APP, subscriptionIds: [neu.subscriptionId, "s-2"] };
    expect(await places.ofResource(both)).toEqual({ kind: "unknown", because: "http-403" });
  });
});

describe("whatever comes back", () => {
  test("no reading is made of anything but a 200 of the right kind", async () => {
    await fc.assert(
      fc.asyncProperty(anyAnswer, async (answer: WireAnswer) => {
        const { access, places, directory } = readsOn(() => answer);
        const readings = await Promise.all([...askAll(access, places), directory.list(neu)]);
        for (const { kind } of readings) {
          expect(["unknown", "none", "read", "at"]).toContain(kind);
          if (answer.status !== 200) expect(["unknown", "none"]).toContain(kind);
        }
      }),
    );
  });

  test("silence ends by its deadline", async () => {
    const options = { credential, httpClient: deaf, timeoutMs: 8_000, clock: impatient };
    const readings = await Promise.all(askAll(createAccess(options), createPlaces(options)));
    for (const { kind } of readings) expect(kind).toBe("unknown");
  });
});

describe("the simulated wire", () => {
  const start = (...faults: readonly Fault[]) => {
    const lab = createLab(faults);
    const arm = {
      credential: createSimulatedCredential(lab.world, sites.neu),
      httpClient: createWire(lab.world, sites.neu),
      timeoutMs: 8_000,
      clock: lab.world.clock,
    };
    return { ...lab, arm };
  };
  const FORCE = "Microsoft.Sql/locations/instanceFailoverGroups/forceFailoverAllowDataLoss/action";

  test("refuses what the role does not grant, by Azure's own code", async () => {
    const { run, arm, world } = start(fault("right-missing", { action: FORCE, on: "partner" }));
    const groups = createFailoverGroups(arm);
    const request = { group: group.name, kind: "forced" } as const;
    expect(await run(groups.failOver({ ...request, from: home, to: partner }))).toMatchObject({
      kind: "refused",
      code: "AuthorizationFailed",
    });
    expect(world.record.posts).toEqual([]);
    const planned = groups.failOver({ ...request, kind: "planned", from: home, to: partner });
    expect(await run(planned)).toMatchObject({ kind: "accepted" });
  });

  test("tells the groups beside an instance, with their roles", async () => {
    const { run, arm } = start();
    expect(await run(createGroupDirectory(arm).list(home))).toEqual({
      kind: "read",
      groups: [{ name: "orders-fog", role: "primary", instanceIds: [home.id, partner.id] }],
    });
  });

  test.each([
    [
      "a healthy primary",
      [],
      home,
      { table: "there", updateability: "READ_WRITE", mayWrite: true },
    ],
    ["a secondary", [], partner, { table: "there", updateability: "READ_ONLY" }],
    [
      "no table",
      [fault("write-error", { on: "home", number: 208 })],
      home,
      { table: "missing", mayWrite: false },
    ],
    ["no right", [fault("write-error", { on: "home", number: 229 })], home, { mayWrite: false }],
  ] as const)("tells of the canary table on %s", async (_name, faults, instance, state) => {
    const { run, world, clock } = start(...faults);
    const face = createTdsFace(world, sites.neu, { hold: (work) => clock.hold(work) });
    const canary = createCanary({
      credential: { kind: "token", credential: createSimulatedCredential(world, sites.neu) },
      clock,
      connect: { dial: face.dial, encryption: face.encryption },
      createSession,
    });
    const reading = await run(canary.read({ fqdn: instance.fqdn, timeoutMs: 8_000 }, "orders"));
    expect(reading).toMatchObject({ kind: "read", ...state });
    const lost = canary.read({ fqdn: "nowhere.example.net", timeoutMs: 8_000 }, "orders");
    expect(await run(lost)).toEqual({ kind: "unknown", because: "no-name" });
    await face.close();
  });
});
