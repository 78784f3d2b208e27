import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Site } from "../../../shared/domain/group.ts";
import { createFailoverGroupsFace } from "../../../simulator/azure/failover-groups-face.ts";
import { createSqlFace } from "../../../simulator/azure/sql-face.ts";
import type { World, WorldSettings } from "../../../simulator/azure/world.ts";
import { Fault } from "../../../simulator/faults.ts";
import {
  createLab,
  fault,
  group,
  HOUR,
  home,
  type Lab,
  MINUTE,
  partner,
  SECOND,
  sites,
} from "../../contract/world-under-test.ts";

const timeoutMs = 8 * SECOND;
const listener = { fqdn: `${group.name}.abc123.database.windows.net`, timeoutMs };
const dark = (more: object = {}): Fault => fault("region-dark", { region: home.region, ...more });

interface Scene extends Lab {
  failOver(kind: "planned" | "forced", target?: typeof partner): Promise<string>;
  stateOf(side: typeof partner): Promise<string>;
  roleOf(side: typeof partner): Promise<string>;
  serverBehind(fqdn: string, from?: Site): Promise<string>;
}

function start(faults: readonly Fault[] = [], settings: Partial<WorldSettings> = {}): Scene {
  const lab = createLab(faults, settings);
  const groups = createFailoverGroupsFace(lab.world, sites.neu);
  const read = (side: typeof partner) => lab.run(groups.read(group.name, side));
  return {
    ...lab,
    failOver: async (kind, to = partner) => {
      const from = to === partner ? home : partner;
      const answer = await lab.run(groups.failOver({ group: group.name, from, to, kind }));
      return answer.kind === "refused" ? answer.code : answer.kind;
    },
    stateOf: async (side) => {
      const reading = await read(side);
      return reading.kind === "read" ? reading.replication.said : reading.kind;
    },
    roleOf: async (side) => {
      const reading = await read(side);
      return reading.kind === "read" ? reading.role : reading.kind;
    },
    serverBehind: async (fqdn, from = sites.neu) => {
      const reading = await lab.run(
        createSqlFace(lab.world, from).updateability({ fqdn, timeoutMs }),
      );
      if (reading.kind === "unknown") return reading.because;
      return `${reading.server} ${reading.databases[0]?.updateability}`;
    },
  };
}

function databasesOf(world: World) {
  return world.groups.get(group.name)?.databases ?? [];
}

describe("what a failover costs", () => {
  test("forced, after the region went dark: exactly the rows within the lag are missing", async () => {
    const { world, pass, failOver } = start([dark({ at: 10 * MINUTE })], {
      replicationLagSeconds: 30,
    });
    await pass(15 * MINUTE);
    // Two clients commit every 200 ms; the rows at either end of the 30 s are not among them.
    expect(world.rowsAtRisk(group.name)).toEqual(
      new Map([
        ["orders", 298],
        ["reports", 298],
      ]),
    );
    await failOver("forced");
    await pass(MINUTE);
    const lossMs = 30 * SECOND;
    for (const loss of world.record.losses) {
      expect(loss).toMatchObject({ rows: 298, because: "not-replicated" });
      expect(loss.lossMs).toBeGreaterThan(lossMs - SECOND);
      expect(loss.lossMs).toBeLessThanOrEqual(lossMs);
    }
    expect(databasesOf(world).map(({ missing }) => missing)).toEqual([298, 298]);
  });

  test("planned: nothing is missing, however far the secondary was behind", async () => {
    const { world, pass, failOver } = start([fault("replication-lag", { seconds: 120 })]);
    await pass(10 * MINUTE);
    expect(await failOver("planned")).toBe("accepted");
    await pass(MINUTE);
    expect(world.record.roles.at(-1)).toMatchObject({ primary: "partner", kind: "planned" });
    expect(world.record.losses).toEqual([]);
    expect(databasesOf(world).every(({ missing }) => missing === 0)).toBe(true);
  });

  test("forced while replication was suspended: all since then", async () => {
    const suspended = fault("replication-suspended", { at: 10 * MINUTE });
    const { world, pass, failOver, stateOf } = start([suspended, dark({ at: HOUR })]);
    await pass(HOUR + 5 * MINUTE);
    expect(await stateOf(partner)).toBe("SUSPENDED");
    await failOver("forced");
    await pass(MINUTE);
    expect(world.record.losses[0]?.lossMs).toBeGreaterThan(50 * MINUTE);
  });

  test("a canary's row is remembered like any client's", async () => {
    const { world, run, pass, failOver } = start([dark({ at: MINUTE })], {
      commitsPerSecond: 0,
      replicationLagSeconds: 10,
    });
    await pass(55 * SECOND);
    const primary = { fqdn: home.fqdn, timeoutMs };
    expect(await run(createSqlFace(world, sites.weu).write(primary, "orders"))).toBe(true);
    await pass(MINUTE);
    await failOver("forced");
    await pass(MINUTE);
    expect(world.record.losses).toMatchObject([{ database: "orders", rows: 1 }]);
  });
});

describe("after the roles have flipped", () => {
  test("the listener follows later than the roles, and writes come back", async () => {
    const { pass, failOver, roleOf, serverBehind } = start([dark({ at: MINUTE })]);
    await pass(2 * MINUTE);
    await failOver("forced");
    await pass(30 * SECOND);
    expect(await roleOf(partner)).toBe("primary");
    expect(await serverBehind(listener.fqdn)).toBe("timeout");
    await pass(MINUTE);
    expect(await serverBehind(listener.fqdn)).toBe(`${partner.fqdn} READ_WRITE`);
  });

  test("protected again only after the old primary is back and copied anew", async () => {
    const { pass, failOver, stateOf, roleOf } = start([dark({ at: MINUTE, for: HOUR })]);
    await pass(5 * MINUTE);
    await failOver("forced");
    await pass(5 * MINUTE);
    expect(await stateOf(partner)).toBe("SUSPENDED");
    await pass(51 * MINUTE + 30 * SECOND);
    expect([await stateOf(partner), await stateOf(home)]).toEqual(["SUSPENDED", "CATCH_UP"]);
    expect(await failOver("planned", home)).toBe("InstanceFailoverGroupBusy");
    await pass(5 * MINUTE);
    expect([await stateOf(partner), await roleOf(home)]).toEqual(["CATCH_UP", "secondary"]);
    expect(await failOver("planned", home)).toBe("accepted");
  });

  test("a former primary that is cut off still takes writes, and all of them are lost", async () => {
    const isolated = fault("region-isolated", { region: home.region, at: MINUTE, for: HOUR });
    const { world, pass, failOver, serverBehind } = start([isolated]);
    await pass(5 * MINUTE);
    await failOver("forced");
    await pass(10 * MINUTE);
    expect(await serverBehind(home.fqdn, sites.weu)).toBe(`${home.fqdn} READ_WRITE`);
    expect(await serverBehind(home.fqdn, sites.neu)).toBe("timeout");
    const reasons = new Set(world.record.losses.map(({ because }) => because));
    expect(reasons).toEqual(new Set(["not-replicated", "written-to-former-primary"]));
    await pass(HOUR);
    expect(await serverBehind(home.fqdn, sites.weu)).toBe(`${home.fqdn} READ_ONLY`);
  });

  test("forced without the key: the databases do not open until it is back", async () => {
    const key = fault("key-unreachable", { on: "partner", for: 30 * MINUTE });
    const { world, run, pass, failOver } = start([key, dark({ at: MINUTE })]);
    const look = () =>
      run(createSqlFace(world, sites.neu).look({ fqdn: partner.fqdn, timeoutMs }, "orders"));
    expect((await look()).login.kind).toBe("ok");
    await pass(5 * MINUTE);
    await failOver("forced");
    await pass(5 * MINUTE);
    expect(await look()).toMatchObject({ login: { kind: "error" }, master: { kind: "ok" } });
    await pass(30 * MINUTE);
    expect(await look()).toMatchObject({ login: { kind: "ok" }, write: { kind: "ok" } });
  });

  test("a second failover soon after the first takes longer", async () => {
    const { world, pass, failOver } = start();
    await failOver("planned");
    await pass(MINUTE);
    await failOver("planned", home);
    await pass(MINUTE);
    expect(world.record.roles).toHaveLength(2);
    await pass(2 * MINUTE);
    expect(world.record.roles).toHaveLength(3);
  });
});

describe("faults on their timeline", () => {
  test("a region that was dark for 43 seconds is as if nothing had been", async () => {
    const { world, pass, roleOf, stateOf } = start([dark({ at: MINUTE, for: 43 * SECOND })]);
    await pass(80 * SECOND);
    expect(world.siteRuns("weu")).toBe(false);
    expect(await roleOf(home)).not.toBe("primary");
    await pass(2 * MINUTE);
    expect(world.siteRuns("weu")).toBe(true);
    expect([await roleOf(home), await stateOf(home)]).toEqual(["primary", "CATCH_UP"]);
    expect(world.rowsAtRisk(group.name).get("orders")).toBeLessThan(30);
  });

  test("a denied key closes the primary's databases at the instance's next check", async () => {
    const { world, pass } = start([fault("key-denied", { on: "home", at: MINUTE })]);
    const ratio = () => world.groups.get(group.name)?.ratios.at(-1)?.value;
    const [orders] = databasesOf(world);
    const silentMs = () => world.now() - (orders?.lastCommitAt ?? 0);
    await pass(10 * MINUTE);
    expect([silentMs(), ratio()]).toEqual([200, 1]);
    await pass(5 * MINUTE);
    expect([silentMs(), ratio()]).toEqual([4 * MINUTE + 200, 0]);
  });

  test("another's failover happens by itself, and ours meets it as busy", async () => {
    const other = fault("other-failover", { kind: "forced", at: MINUTE });
    const { world, pass, failOver } = start([other]);
    await pass(MINUTE + 5 * SECOND);
    expect(await failOver("forced")).toBe("InstanceFailoverGroupBusy");
    await pass(MINUTE);
    expect(world.record.roles.at(-1)).toMatchObject({ primary: "partner", by: "other" });
  });

  test("what is injected counts from now", async () => {
    const { world, pass, stateOf } = start();
    await pass(HOUR);
    world.inject(fault("seeding", { for: MINUTE }));
    expect(await stateOf(home)).toBe("SEEDING");
    await pass(2 * MINUTE);
    expect(await stateOf(home)).toBe("CATCH_UP");
  });
});

describe("the world and its clock", () => {
  test("two idle hours cost next to nothing", async () => {
    const { world, pass } = start([dark({ at: 3 * HOUR, for: HOUR })]);
    await pass(2 * HOUR);
    const startedAt = performance.now();
    expect(databasesOf(world)[0]?.acknowledged).toBe(2 * 3_600 * 10);
    expect(performance.now() - startedAt).toBeLessThan(10);
  });

  test("another seed, another run; the same seed, the same run", async () => {
    const movedAt = async (seed: number): Promise<number | undefined> => {
      const { world, run, pass } = createLab([], { seed });
      const groups = createFailoverGroupsFace(world, sites.neu);
      await run(groups.failOver({ group: group.name, from: home, to: partner, kind: "forced" }));
      await pass(MINUTE);
      return world.record.roles.at(-1)?.at;
    };
    expect(await movedAt(1)).toBe(await movedAt(1));
    expect(await movedAt(1)).not.toBe(await movedAt(2));
  });

  test("how often somebody looks changes nothing, and no row is lost without a record", async () => {
    const anyFault = fc.oneof(
      fc
        .constantFrom("region-dark", "region-isolated")
        .map((name) => ({ fault: name, region: home.region })),
      fc.constantFrom("replication-suspended", "seeding").map((name) => ({ fault: name })),
      fc.constantFrom("writes-hang", "instance-down").map((name) => ({ fault: name, on: "home" })),
      fc.constantFrom("forced", "planned").map((kind) => ({ fault: "other-failover", kind })),
      fc.nat(90).map((seconds) => ({ fault: "replication-lag", seconds })),
    );
    const minutes = (max: number) => fc.nat(max).map((each) => each * 37 * SECOND);
    const timed = fc.record({ what: anyFault, at: minutes(60), for: minutes(60) });
    await fc.assert(
      fc.asyncProperty(fc.array(timed, { maxLength: 6 }), async (list) => {
        const faults = list.map(({ what, at, for: lasts }) =>
          Fault.parse({ ...what, at, for: lasts }),
        );
        const [often, once] = [createLab(faults), createLab(faults)];
        for (let i = 0; i < 600; i++) {
          await often.clock.runUntil(often.clock.now() + 7 * SECOND);
          often.world.now();
        }
        await once.pass(600 * 7 * SECOND);
        expect(often.world.record).toEqual(once.world.record);
        for (const { name, missing, acknowledged } of databasesOf(once.world)) {
          const losses = once.world.record.losses.filter(({ database }) => database === name);
          expect(losses.reduce((sum, { rows }) => sum + rows, 0)).toBe(missing);
          const other = databasesOf(often.world).find((each) => each.name === name);
          expect(other?.acknowledged).toBe(acknowledged);
        }
      }),
      { numRuns: 40, seed: 20_260_115 },
    );
  });
});
