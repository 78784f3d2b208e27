// What becomes of a claim by what Azure answers to its request, and what stands in the audit of it.

import { beforeEach, describe, expect, test } from "vitest";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { changeClaim, spendClaim } from "../../../shared/ledger/claims.ts";
import {
  type Bench,
  type Claimed,
  claimFirst,
  claimFor,
  lookUntil,
  startBench,
} from "../../support/activity-bench.ts";
import { MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../../support/stored.ts";

describe("the answer to a request", () => {
  let bench: Bench;
  let claimed: Claimed;
  beforeEach(async () => {
    bench = await startBench();
    claimed = await claimFirst(bench);
  });

  const post = (epoch = claimed.epoch) => createPostFailover(bench.neu)({ ...claimed.work, epoch });

  const told = () =>
    auditIn(bench.world)
      .filter(({ action }) => action.startsWith("post-"))
      .toSorted((a, b) => a.at - b.at)
      .map(({ action, detail }) => ({ action, detail }));

  /** From the step to `sent` on Azure answers like this: the request is the next that it gets. */
  async function postInto(fault: Parameters<Bench["world"]["inject"]>[0]) {
    const pending = post();
    while (claimIn(bench.world)?.state !== "sent") await bench.pass(1);
    bench.world.inject(fault);
    return bench.run(pending);
  }

  const refuse = (code: string, more: { readonly status?: number } = {}) =>
    bench.world.inject({ fault: "arm-refuses", region: "northeurope", code, at: 0, ...more });

  const waitsMs = () => {
    const { retryNotBefore, spentAt } = claimIn(bench.world) ?? {};
    return (retryNotBefore ?? 0) - (spentAt ?? 0);
  };

  test("accepted: the claim has its ticket, the incident its instants, and both steps are written down", async () => {
    const answer = await bench.run(post());
    expect(answer.kind === "sent" && answer.pollAfterMs > 0).toBe(true);
    const claim = claimIn(bench.world);
    expect(claim).toMatchObject({ state: "sent", acceptedAt: expect.any(Number) });
    expect(claim?.ticket).toEqual(expect.any(String));
    const phases = incidentIn(bench.world)?.phases;
    expect(phases?.acceptedAt).toBe(claim?.acceptedAt);
    expect(phases?.postedAt).toBeLessThanOrEqual(phases?.acceptedAt ?? 0);
    expect(phases?.postedAt).toBeGreaterThanOrEqual(claim?.takenAt ?? 0);
    const detail = { kind: "forced", target: "mi-orders-neu" };
    expect(told()).toEqual([
      { action: "post-sent", detail },
      { action: "post-accepted", detail },
    ]);
  });

  test("none: the claim stays sent and is followed, and why nothing was heard is written down", async () => {
    const lost = { fault: "arm-answer-lost", at: 0, for: MINUTE } as const;
    expect(await postInto(lost)).toEqual({ kind: "sent", pollAfterMs: 10 * SECOND });
    expect(claimIn(bench.world)).toMatchObject({ state: "sent", acceptedAt: null, ticket: null });
    expect(told().at(-1)).toMatchObject({
      action: "post-unanswered",
      detail: { because: expect.stringMatching(/.+/) },
    });
  });

  test.each([
    ["busy", "InstanceFailoverGroupBusy", 10 * SECOND],
    ["a matter for a person", "ScopeLocked", 5 * MINUTE],
    ["a mistake of ours", "InvalidParameter", 5 * MINUTE],
    ["a planned one that cannot be", "IncorrectReplicationLinkState", 10 * SECOND],
  ])("%s: refused, and the next one waits as long as that may take", async (_says, code, ms) => {
    refuse(code);
    expect(await bench.run(post())).toEqual({ kind: "refused", code });
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "refused", code, refusals: 1 });
    expect(waitsMs()).toBe(ms);
    expect(told().at(-1)).toMatchObject({ action: "post-refused", detail: { code } });
    expect(incidentIn(bench.world)).toMatchObject({ plannedEndedAt: null, plannedEndedCode: null });
  });

  test.each([
    ["IncorrectReplicationLinkState", true],
    ["InstanceFailoverGroupBusy", false],
  ])("a planned one is refused with %s: an attempt that has ended is %s", async (code, ended) => {
    const store = bench.neu.stores.of(bench.group).target("home");
    await bench.run(changeClaim(store, 1, (row) => ({ ...row, kind: "planned" })));
    refuse(code);
    expect(await bench.run(post())).toEqual({ kind: "refused", code });
    const { plannedEndedAt, plannedEndedCode } = incidentIn(bench.world) ?? {};
    expect([plannedEndedAt !== null, plannedEndedCode]).toEqual([ended, ended ? code : null]);
  });

  test("too many requests, wait for a minute: the next one waits for a minute", async () => {
    const throttled = { fault: "arm-throttled", retryAfterSeconds: 60, at: 0 } as const;
    expect(await postInto(throttled)).toMatchObject({ kind: "refused" });
    expect(waitsMs()).toBe(MINUTE);
  });

  test("refused, while an earlier one is in doubt: only busy may be that one's doing", async () => {
    await postInto({ fault: "arm-down", at: 0, for: 10 * SECOND });
    await bench.pass(10 * SECOND);
    await giveUp();
    refuse("ScopeLocked");
    const seen = await lookUntil(bench, claimed.work, "fail-over");
    const epoch = await claimFor(bench, claimed.work, seen);
    expect(await bench.run(post(epoch))).toEqual({ kind: "refused", code: "ScopeLocked" });
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "refused", renewals: 0 });
    expect(claimIn(bench.world)?.doubt).toMatchObject({ incidentId: "inc-1" });
  });

  /** Ends the first claim as one that was quiet for long enough. */
  async function giveUp(): Promise<void> {
    const store = bench.neu.stores.of(bench.group).target("home");
    const at = bench.clock.now();
    await bench.run(spendClaim(store, claimed.epoch, { because: "reconciled-not-moved", at }));
  }
});
