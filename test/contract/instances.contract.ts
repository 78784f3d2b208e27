import { describe, expect, test } from "vitest";
import type { Site } from "../../shared/domain/group.ts";
import type { Instances } from "../../shared/ports/instances.ts";
import type { World } from "../../simulator/azure/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createLab, fault, home, type Lab, partner, sites } from "./world-under-test.ts";

/** What any way to the instances through Resource Manager must do. */
export function instancesContract(
  name: string,
  make: (world: World, site: Site) => Promise<Instances>,
): void {
  const start = async (...faults: readonly Fault[]): Promise<Lab & { instances: Instances }> => {
    const lab = createLab(faults);
    return { ...lab, instances: await make(lab.world, sites.neu) };
  };

  describe(name, () => {
    test("a healthy instance is Ready, with its size and zone", async () => {
      const { run, instances } = await start();
      expect(await run(instances.read(partner))).toMatchObject({
        kind: "read",
        state: { kind: "ready", said: "Ready" },
        tier: "GeneralPurpose",
        vCores: 8,
        storageGb: 512,
        dnsZone: "abc123",
      });
      expect(await run(instances.runningOperation(partner))).toEqual({ kind: "none" });
      const none = { kind: "read", databases: [] };
      expect(await run(instances.inaccessibleDatabases(partner))).toEqual(none);
    });

    test("another state and another size show", async () => {
      const updating = fault("instance-state", { on: "partner", state: "Updating" });
      const smaller = fault("instance-size", { on: "partner", vCores: 4 });
      const { run, instances } = await start(updating, smaller);
      const reading = await run(instances.read(partner));
      expect(reading).toMatchObject({
        state: { kind: "not-ready", said: "Updating" },
        vCores: 4,
      });
    });

    test("a running operation is named", async () => {
      const name = "UpsertManagedServer";
      const { run, clock, instances } = await start(
        fault("operation-running", { on: "partner", name }),
      );
      const startedAt = clock.now();
      const reading = await run(instances.runningOperation(partner));
      expect(reading).toEqual({ kind: "running", what: "update", said: name, startedAt });
      expect(await run(instances.runningOperation(home))).toEqual({ kind: "none" });
    });

    test.each(["key-denied", "key-unreachable", "other"] as const)(
      "an inaccessible database is named with its reason: %s",
      async (because) => {
        const closed = { on: "home", database: "orders", because };
        const { run, instances } = await start(fault("database-inaccessible", closed));
        const reading = await run(instances.inaccessibleDatabases(home));
        const databases = [{ name: "orders", reason: because }];
        expect(reading).toEqual({ kind: "read", databases });
      },
    );

    test.each([
      ["arm-down", {}],
      ["arm-5xx", {}],
      ["arm-throttled", {}],
      ["arm-html", {}],
      ["identity-down", { tokenGoodFor: 0 }],
      ["dns-fail", {}],
      ["region-dark", { region: partner.region }],
    ] as const)("%s is unknown, whatever is asked", async (what, more) => {
      const { run, instances } = await start(fault(what, more));
      for (const reading of [
        await run(instances.read(partner)),
        await run(instances.runningOperation(partner)),
        await run(instances.inaccessibleDatabases(partner)),
      ]) {
        expect(reading).toMatchObject({ kind: "unknown" });
      }
    });
  });
}
