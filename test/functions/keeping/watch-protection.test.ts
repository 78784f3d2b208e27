import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { watchProtection } from "../../../functions/keeping/watch-protection.ts";
import type { GroupState } from "../../../shared/domain/facts.ts";
import type { Failback } from "../../../shared/domain/failback.ts";
import { newFailback } from "../../../shared/ledger/failbacks.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
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
    const stores = Promise.all(ledger.both(failback.awayOn).map((book) => readLive(book)));
    const watching = stores.then((rows) =>
      watchProtection(app, { ledger, rows }, failback, UNSEEN),
    );
    return bench.run(watching);
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

  test("that there is no secondary yet is said by a condition, not from here", async () => {
    await bench.pass(120 * MINUTE);
    expect(await watch("READ_ONLY")).toBe(false);
    expect(bench.world.record.sent).toEqual([]);
  });

  test("the new primary's store is gone: what is said is remembered in the other one, and said once", async () => {
    bench.world.inject({ fault: "store-down", site: "neu", at: 0 });
    await watch("READ_WRITE");
    await watch("READ_WRITE");
    expect(pages()).toHaveLength(1);
  });
});
