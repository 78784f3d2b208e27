import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createTakeClaim } from "../../../functions/activities/take-claim.ts";
import type { Action, DecidedLook, Work } from "../../../orchestrations/contracts.ts";
import { spendClaim } from "../../../shared/ledger/claims.ts";
import {
  type Bench,
  lookUntil,
  loseRegion,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { GROUP, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../../support/stored.ts";

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
    const { decisionId } = decided;
    return createTakeClaim(bench.neu)({ ...by, decisionId, action: actionOf(decided) });
  }

  function actionOf({ action }: DecidedLook): Action {
    if (action === null) throw new Error("the decision names no action");
    return action;
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

  test("by a decision that nobody wrote down: refused", async () => {
    const other = { ...seen, decisionId: "nobody-decided-this" };
    expect(await bench.run(take(other))).toEqual({ kind: "refused", because: "no-receipt" });
  });

  test("by a decision that does not act, whatever action is claimed for it: refused", async () => {
    const again = await startBench();
    const lost = await loseRegion(again);
    const held = await again.run(createLookAndDecide(again.neu)(lost));
    if (held.kind !== "decided") throw new Error("the look ended in no decision");
    expect([held.verdict, held.action]).toEqual(["hold", null]);
    const { decisionId } = held;
    const claim = createTakeClaim(again.neu)({ ...lost, decisionId, action: actionOf(seen) });
    const refused = { kind: "refused", because: "decision-does-not-act" };
    expect(await again.run(claim)).toEqual(refused);
    expect(claimIn(again.world)).toBeNull();
  });

  test.each([
    ["of another kind", { kind: "planned" }, "decision-names-another-kind"],
    ["away from another primary", { expectedPrimary: "partner" }, "expects-another-primary"],
  ] as const)("for a failover %s than was decided: refused", async (_says, change, because) => {
    const action = { ...actionOf(seen), ...change };
    expect(await bench.run(take({ ...seen, action }))).toEqual({ kind: "refused", because });
    expect(claimIn(bench.world)).toBeNull();
  });

  test("so soon after a refusal: refused, and that says so", async () => {
    const second = await lookUntil(bench, work, "fail-over");
    await bench.run(take(seen));
    const store = bench.neu.stores.of(bench.group).target("home");
    await bench.run(spendClaim(store, 1, { because: "refused", at: bench.clock.now() }));
    const because = "refused-lately";
    expect(await bench.run(take(second))).toEqual({ kind: "refused", because });
    expect(claimIn(bench.world)).toMatchObject({ epoch: 1 });
  });

  test("while nobody can read what was claimed before: refused", async () => {
    const key = { group: GROUP, kind: "claim", id: "newest" };
    damageRow(bench.world, "neu", key, "garbage");
    expect(await bench.run(take(seen))).toEqual({ kind: "refused", because: "claim-unreadable" });
  });

  test("may be sent for half a minute from the decision on, and is written down with its number", async () => {
    const decided = incidentIn(bench.world)?.decidedAt ?? 0;
    await bench.pass(20 * SECOND);
    await bench.run(take(seen));
    const { notAfter = 0, ...claim } = claimIn(bench.world) ?? {};
    expect(Math.abs(notAfter - decided - 30 * SECOND)).toBeLessThan(SECOND);
    expect(claim).toMatchObject({ rule: seen.rule, actor: "geo-failover", holder: "neu" });
    const [line] = auditIn(bench.world).filter(({ action }) => action === "claim-taken");
    expect(line?.detail).toEqual({ epoch: 1, kind: "forced", target: "mi-orders-neu" });
  });
});
