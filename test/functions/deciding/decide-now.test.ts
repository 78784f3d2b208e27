// A decision for whoever only wants to know: by the rows and the looks of this instant, and nothing is started.

import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { decideNow } from "../../../functions/deciding/decide-now.ts";
import type { Failback } from "../../../shared/domain/failback.ts";
import { changeFailback } from "../../../shared/ledger/failbacks.ts";
import {
  type Bench,
  leaveHome,
  loseRegion,
  startBench,
  tickOnce,
} from "../../support/activity-bench.ts";
import { call } from "../../support/facts.ts";
import { MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { failbackIn, incidentIn } from "../../support/stored.ts";

let bench: Bench;

describe("whether to fail over", () => {
  beforeEach(async () => {
    bench = await startBench();
  });

  const now = (app = bench.neu, asked = null as ReturnType<typeof call> | null) =>
    bench.run(
      decideNow(app, { group: bench.group, purpose: "fail-over", call: asked, sharesLook: false }),
    );

  test("in peace holds, speaks of no work, and starts no check of the key, however old its proof is", async () => {
    await bench.pass(24 * 60 * MINUTE);
    for (let round = 0; round < 3; round++) {
      await bench.run(tickOnce(bench.neu, bench.group));
      const { purpose, decision, facts, homeward } = await now();
      expect([purpose, decision.verdict, homeward]).toEqual(["fail-over", "hold", null]);
      expect([facts.incidentId, facts.call, facts.keyPath.kind]).toEqual([null, null, "unknown"]);
    }
    expect(bench.world.record.keyChecks).toHaveLength(1);
  });

  test("in an incident goes by what that has counted, also at a site that keeps none of its rows", async () => {
    const work = await loseRegion(bench);
    await bench.run(createLookAndDecide(bench.neu)(work));
    await bench.pass(10 * SECOND);
    await bench.run(createLookAndDecide(bench.neu)(work));
    const onsetAt = incidentIn(bench.world)?.outage.onsetAt;
    expect(onsetAt).toEqual(expect.any(Number));
    for (const app of [bench.neu, bench.sec]) {
      const { facts, decision } = await now(app);
      expect(decision.verdict).toBe("hold");
      expect([facts.incidentId, facts.outage.onsetAt]).toEqual(["inc-1", onsetAt]);
    }
  });

  test("is for the person who calls", async () => {
    const asked = call({ calledAt: bench.clock.now(), expiresAt: bench.clock.now() + MINUTE });
    expect((await now(bench.neu, asked)).facts.call).toEqual(asked);
  });
});

describe("whether to go home", () => {
  beforeEach(() => goAway());

  async function goAway(...policy: Parameters<typeof startBench>): Promise<void> {
    bench = await startBench(...policy);
    await leaveHome(bench);
    await bench.run(tickOnce(bench.weu, bench.group));
  }

  const now = () =>
    bench.run(
      decideNow(bench.weu, {
        group: bench.group,
        purpose: "fail-back",
        call: null,
        sharesLook: false,
      }),
    );
  const change = (site: "weu" | "neu", to: Partial<Failback>) =>
    bench.run(
      changeFailback(
        bench[site].stores.of(bench.group).own,
        { id: "inc-1-home", awayOn: "partner" },
        (row) => ({ ...row, ...to }),
      ),
    );

  test("is decided by what the failover left to do, and since when home has been healthy", async () => {
    const { purpose, facts, homeward, decision } = await now();
    expect([purpose, decision.rule, facts.incidentId]).toEqual([
      "fail-back",
      "home-not-healthy",
      "inc-1-home",
    ]);
    const failedOverAt = failbackIn(bench.world, "weu")?.failedOverAt;
    expect(facts.lastRoleChange).toEqual({ kind: "known", at: failedOverAt });
    expect(homeward).toMatchObject({ away: true, healthySinceAt: null, windowOpen: true });
    await change("weu", { healthySinceAt: failedOverAt ?? 0 });
    expect((await now()).homeward).toMatchObject({ healthySinceAt: failedOverAt });
  });

  test("is known from the other store where its own has nothing of it", async () => {
    bench.world.stores.get("weu")?.parts.get("orders-fog/failback")?.clear();
    expect((await now()).facts.incidentId).toBe("inc-1-home");
  });

  test("has nothing to go by once it is over in either store: the role change is what was seen", async () => {
    await change("neu", { state: "done" });
    const { facts, homeward } = await now();
    expect([facts.incidentId, homeward?.healthySinceAt]).toEqual([null, null]);
    expect(facts.lastRoleChange).toMatchObject({ kind: "known" });
    expect(facts.lastRoleChange).not.toMatchObject({
      at: failbackIn(bench.world, "weu")?.failedOverAt,
    });
  });

  test("waits for its window, and says when that opens", async () => {
    const { failback } = bench.group.policy;
    const nightly = { schedule: "0 3 * * *", timezone: "UTC", forMs: 60 * MINUTE };
    await goAway({ failback: { ...failback, window: nightly } });
    const at3 = Date.UTC(2026, 0, 16, 3);
    expect((await now()).homeward).toMatchObject({ windowOpen: false, windowOpensAt: at3 });
    await bench.pass(at3 - bench.clock.now() + MINUTE);
    expect((await now()).homeward).toMatchObject({ windowOpen: true });
  });
});

test("a group that is at home is not away, whoever asks to bring it home", async () => {
  bench = await startBench();
  const at = { group: bench.group, purpose: "fail-back", call: null, sharesLook: false } as const;
  const { homeward, decision, facts } = await bench.run(decideNow(bench.weu, at));
  expect(homeward).toMatchObject({ away: false, healthySinceAt: null, windowOpensAt: null });
  expect([decision.verdict, facts.incidentId]).toEqual(["hold", null]);
});
