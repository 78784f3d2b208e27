// The motor of an incident: look and decide until it is settled.
//
// It owns no truth. Everything it learns is in the ledger before the next step, so that a motor
// that dies at any point is replaced by one that goes on from there.

import type { OrchestrationContext } from "durable-functions";
import { type DecidedLook, lookAndDecide, notify, record, Work } from "./contracts.ts";
import { run, type Steps, sleep } from "./durable.ts";
import { type FailoverEnd, failOver, follow } from "./fail-over.ts";
import { reportPhase } from "./motor-status.ts";

/** Rounds of one execution: about 100 history events, far below what slows a replay down. */
const ROUNDS = 20;

/** Works on one incident until it is over or another motor has taken it: look and decide, wait or act, look again. */
export function* incident(context: OrchestrationContext): Steps<void> {
  const work = Work.parse(context.df.getInput());
  for (let round = 0; round < ROUNDS; round++) {
    reportPhase(context, "looking", { rule: null, verdict: null }, { step: "decide", afterMs: 0 });
    const seen = yield* run(context, lookAndDecide, work);
    switch (seen.kind) {
      case "superseded":
        return;
      case "follow": {
        const end = yield* follow(context, work, UNDER_WAY, { epoch: seen.epoch, pollAfterMs: 0 });
        if (end === "superseded") return;
        if (end === "failed-over") return yield* close(context, work, end, UNDER_WAY.rule);
        break;
      }
      case "decided": {
        if ((yield* actOn(context, work, seen)) === "over") return;
        const afterMs = seen.nextLookAfterMs;
        reportPhase(context, "waiting", seen, { step: "look again", afterMs });
        if (afterMs > 0) yield* sleep(context, afterMs);
        break;
      }
      default:
        return seen satisfies never;
    }
  }
  context.df.continueAsNew(work);
}

/** Tells of the decision, does what it says, and closes the incident where that ends it. */
function* actOn(
  context: OrchestrationContext,
  work: Work,
  seen: DecidedLook,
): Steps<"over" | "goes-on"> {
  if (seen.announce !== null) {
    yield* run(context, notify, { ...work, announcement: seen.announce });
  }
  if (seen.settled !== null) {
    yield* close(context, work, seen.settled, seen.rule);
    return "over";
  }
  const end = yield* carryOut(context, work, seen);
  switch (end) {
    case "superseded":
      return "over";
    case "failed-over":
      yield* close(context, work, end, seen.rule);
      return "over";
    case "not-failed-over":
      return "goes-on";
    default:
      return end satisfies never;
  }
}

/** Status of a motor that goes on with what an earlier one, or an earlier round, has sent. */
export const UNDER_WAY = { rule: "claim-open", verdict: "fail-over" } as const;

/** What the verdict asks for. */
export function* carryOut(
  context: OrchestrationContext,
  work: Work,
  seen: DecidedLook,
): Steps<FailoverEnd> {
  switch (seen.verdict) {
    case "hold":
    case "ask":
    case "stand-down":
      return "not-failed-over";
    case "fail-over":
      return yield* failOver(context, work, seen);
    default:
      return seen.verdict satisfies never;
  }
}

function* close(
  context: OrchestrationContext,
  work: Work,
  end: NonNullable<DecidedLook["settled"]>,
  rule: string,
): Steps<void> {
  reportPhase(context, "closing", { rule, verdict: null }, { step: "end", afterMs: 0 });
  const announcement = { type: "closed" as const, key: end, urgent: false };
  yield* run(context, notify, { ...work, announcement });
  yield* run(context, record, { ...work, entry: { kind: "closed", end, rule } });
}
