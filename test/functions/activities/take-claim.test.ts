import { beforeEach, describe, expect, test } from "vitest";
import { createTakeClaim } from "../../../functions/activities/take-claim.ts";
import type { DecidedLook, Work } from "../../../orchestrations/contracts.ts";
import { spendClaim } from "../../../shared/ledger/claims.ts";
import {
  type Bench,
  lookUntil,
  loseRegion,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn } from "../../support/stored.ts";

describe("TakeClaim", () => {
  let bench: Bench;
  let work: Work;
  let seen: DecidedLook;
  beforeEach(async () => {
    bench = await startBench();
    work = await loseRegion(bench);
    seen = await lookUntil(bench, work, "fail-over");
  });

  function take(decided: DecidedLook, by: Work = work) {
    const { decisionId, action } = decided;
    if (action === null) throw new Error("the decision names no action");
    return createTakeClaim(bench.neu)({ ...by, decisionId, action });
  }

  function taken(): number {
    return auditIn(bench.world).filter(({ action }) => action === "claim-taken").length;
  }

  test("twice: one claim", async () => {
    expect(await bench.run(take(seen))).toEqual({ kind: "taken", epoch: 1 });
    expect(await bench.run(take(seen))).toEqual({ kind: "taken", epoch: 1 });
    expect(taken()).toBe(1);
  });

  test("side by side: one claim", async () => {
    const both = await bench.run(Promise.all([take(seen), take(seen)]));
    expect(both).toEqual([
      { kind: "taken", epoch: 1 },
      { kind: "taken", epoch: 1 },
    ]);
    expect(taken()).toBe(1);
  });

  test("by a second decision while the first one's claim is open: refused", async () => {
    const second = await lookUntil(bench, work, "fail-over");
    await bench.run(take(seen));
    expect(await bench.run(take(second))).toEqual({
      kind: "refused",
      because: "earlier-claim-open",
    });
    expect(claimIn(bench.world)).toMatchObject({ epoch: 1, decisionId: seen.decisionId });
  });

  test("by two decisions side by side: one of them", async () => {
    const second = await lookUntil(bench, work, "fail-over");
    const both = await bench.run(Promise.all([take(seen), take(second)]));
    expect(both.filter((one) => one.kind === "taken")).toHaveLength(1);
    expect(taken()).toBe(1);
  });

  test("half a minute late: refused", async () => {
    await bench.pass(31 * SECOND);
    expect(await bench.run(take(seen))).toEqual({ kind: "too-late" });
    expect(claimIn(bench.world)).toBeNull();
  });

  test("after its motor was replaced: nothing is claimed", async () => {
    await nextMotor(bench, { ...work, id: work.incidentId }, "sec");
    expect(await bench.run(take(seen))).toEqual({ kind: "superseded" });
    expect(claimIn(bench.world)).toBeNull();
  });

  test("after its claim was spent: no second one by the same decision", async () => {
    await bench.run(take(seen));
    const store = bench.neu.stores.of(bench.group).target("home");
    await bench.run(spendClaim(store, 1, { because: "refused", at: bench.clock.now() }));
    await bench.run(take(seen));
    expect(claimIn(bench.world)).toMatchObject({ epoch: 1, state: "spent" });
    expect(taken()).toBe(1);
  });

  test("by a decision that does not act: refused", async () => {
    const other = { ...seen, decisionId: "nobody-decided-this" };
    expect(await bench.run(take(other))).toEqual({ kind: "refused", because: "no-receipt" });
  });
});
