import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { watchProtection } from "../../../functions/keeping/watch-protection.ts";
import type { GroupState } from "../../../shared/domain/facts.ts";
import type { Failback } from "../../../shared/domain/failback.ts";
import { newFailback } from "../../../shared/ledger/failbacks.ts";
import type { Updateability, UpdateabilityReading } from "../../../shared/ports/sql.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { GROUP, MINUTE } from "../../support/simulated-sites.ts";

/** Says nothing of the roles: the group is not seen to be followed. */
const UNSEEN: GroupState = { kind: "unknown", because: "no-answer" };

describe("after a failover to the partner", () => {
  let bench: Bench;
  let failback: Failback;
  beforeEach(async () => {
    bench = await startBench();
    failback = newFailback({
      id: "inc-1-home",
      group: GROUP,
      incidentId: "inc-1",
      awayOn: "partner",
      failedOverAt: bench.clock.now(),
      state: "off",
    });
  });

  /** Watches while the old primary says this of its databases. */
  function watch(...states: readonly Updateability[]): Promise<boolean> {
    const reading: UpdateabilityReading = {
      kind: "read",
      server: bench.group.home.name,
      databases: states.map((updateability, at) => ({ name: `db-${at}`, updateability })),
    };
    return watchReading(reading);
  }

  function watchReading(reading: UpdateabilityReading): Promise<boolean> {
    const { neu } = bench;
    const sql: App["ports"]["sql"] = { ...neu.ports.sql, updateability: async () => reading };
    const app: App = { ...neu, ports: { ...neu.ports, sql } };
    const ledger = app.stores.of(bench.group);
    return bench.run(watchProtection(app, ledger, failback, UNSEEN));
  }

  function pages(): readonly string[] {
    return bench.world.record.sent.flatMap(({ event }) =>
      event.type === "page" ? [event.text] : [],
    );
  }

  test("the old primary still takes writes: a page at once, and again for every hour it lasts", async () => {
    await watch("READ_ONLY", "READ_WRITE");
    await watch("READ_ONLY", "READ_WRITE");
    expect(pages()).toEqual([
      expect.stringContaining(`${bench.group.home.name} still takes writes`),
    ]);
    expect(bench.world.record.sent[0]?.event).toMatchObject({
      urgent: true,
      incidentId: "inc-1",
      data: { key: "old-primary-takes-writes-0" },
    });
    await bench.pass(60 * MINUTE);
    await watch("READ_ONLY", "READ_WRITE");
    const again = pages().filter((text) => text.includes("still takes writes"));
    expect(again).toHaveLength(2);
  });

  test("the old primary takes no writes, or says nothing: no such page", async () => {
    await watch("READ_ONLY", "READ_ONLY");
    await watchReading({ kind: "unknown", because: "timeout" });
    expect(bench.world.record.sent).toEqual([]);
  });

  test("no secondary: a page when a whole hour has gone by, and then hourly", async () => {
    await bench.pass(59 * MINUTE);
    expect(await watch("READ_ONLY")).toBe(false);
    expect(pages()).toEqual([]);
    await bench.pass(MINUTE);
    await watch("READ_ONLY");
    await watch("READ_ONLY");
    expect(pages()).toEqual([expect.stringContaining("no secondary for 1 h")]);
    await bench.pass(60 * MINUTE);
    await watch("READ_ONLY");
    expect(pages()).toHaveLength(2);
  });

  test("no secondary, but there was one since the failover: no page of this kind", async () => {
    failback = { ...failback, protectedAt: bench.clock.now() };
    await bench.pass(120 * MINUTE);
    await watch("READ_ONLY");
    expect(pages()).toEqual([]);
  });
});
