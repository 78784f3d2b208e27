// Whatever was decided can be read and decided again: on the way there, while it waits, and home.

import { expect, test } from "vitest";
import * as z from "zod";
import { replayDecision } from "../../cli/replay-decision.ts";
import { createLookAndDecide } from "../../functions/activities/look-and-decide.ts";
import { parseReceipt } from "../../shared/domain/parse-receipt.ts";
import type { DecisionReceipt } from "../../shared/domain/receipt.ts";
import { loseRegion, startBench } from "../support/activity-bench.ts";
import { MINUTE, regionLost, type Simulation, simulate } from "../support/simulated-sites.ts";
import { auditIn, failbackIn, stored } from "../support/stored.ts";

const HOUR = 60 * MINUTE;

/** The decisions in a site's store, as strictly as a stranger would read them. */
function decisionsIn(
  { world }: Pick<Simulation, "world">,
  site: string,
): readonly DecisionReceipt[] {
  return stored(world, "receipt", z.unknown(), site).flatMap((json) => {
    const reading = parseReceipt(json);
    expect(reading).toMatchObject({ kind: "read" });
    return reading.kind === "read" && reading.receipt.kind === "decision" ? [reading.receipt] : [];
  });
}

function expectSame(receipts: readonly DecisionReceipt[]): void {
  for (const receipt of receipts) {
    const replay = replayDecision(receipt);
    expect([receipt.decision.rule, replay]).toMatchObject([
      receipt.decision.rule,
      { differences: [] },
    ]);
  }
}

const rulesOf = (receipts: readonly DecisionReceipt[]) =>
  receipts.map(({ purpose, decision }) => `${purpose}: ${decision.rule}`);

test("there and back: every change of decision has a receipt that decides the same again", async () => {
  const sim = await simulate({
    faults: [regionLost({ for: 8 * MINUTE })],
    policy: {
      cooldownMs: 20 * MINUTE,
      failback: { mode: "automatic", window: null, soakMs: 2 * MINUTE },
    },
  });
  const home = () => failbackIn(sim.world, "weu")?.state === "done";
  expect(await sim.runUntil(home, 60 * MINUTE)).toBe(true);
  const there = decisionsIn(sim, "neu");
  const back = decisionsIn(sim, "weu");
  expect(rulesOf(there)).toEqual(["fail-over: grace", "fail-over: primary-lost"]);
  expect(rulesOf(back)).toEqual([
    "fail-back: soak",
    "fail-back: cooling-down",
    "fail-back: home-again",
  ]);
  expectSame([...there, ...back]);
});

test("nothing changes for hours: a receipt every hour all the same", async () => {
  const bench = await startBench({ keyProofMs: 24 * HOUR });
  const work = await loseRegion(bench);
  const lookAndDecide = createLookAndDecide(bench.neu);
  const written: number[] = [];
  for (const waitMs of [0, MINUTE, HOUR, MINUTE, HOUR]) {
    await bench.pass(waitMs);
    await bench.run(lookAndDecide(work));
    written.push(decisionsIn(bench, "neu").length);
  }
  expect(written).toEqual([1, 1, 2, 2, 3]);
  expect(new Set(rulesOf(decisionsIn(bench, "neu")))).toEqual(new Set(["fail-over: grace"]));
  expectSame(decisionsIn(bench, "neu"));
});

test("each receipt has a line in the audit that says why, and what it waits for", async () => {
  const sim = await simulate({
    faults: [{ fault: "key-unreachable", on: "partner", at: 0 }, regionLost()],
  });
  await sim.runTo(9 * MINUTE);
  const decided = auditIn(sim.world).filter(({ action }) => action === "decided");
  expect(decided.map(({ receiptId }) => receiptId)).toEqual(
    decisionsIn(sim, "neu").map(({ id }) => id),
  );
  expect(decided.at(-1)).toMatchObject({
    rule: "guard",
    detail: {
      verdict: "ask",
      waitingFor: [
        { code: "approval" },
        { code: "replication-suspended" },
        { code: "key-unknown" },
      ],
    },
  });
});

test("Azure refuses again and again: a receipt for each request, not one for each look", async () => {
  const refuses = {
    fault: "arm-refuses",
    region: "northeurope",
    code: "AuthorizationFailed",
    status: 403,
    at: 0,
  } as const;
  const sim = await simulate({ faults: [refuses, regionLost()] });
  await sim.runTo(13 * MINUTE);
  const { posts } = sim.world.record;
  expect(posts.length).toBeGreaterThan(1);
  const acting = decisionsIn(sim, "neu").filter(({ decision }) => decision.verdict === "fail-over");
  expect(acting).toHaveLength(posts.length);
});
