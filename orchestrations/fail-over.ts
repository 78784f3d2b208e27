// One failover: claim, act, follow, verify, receipt.
//
// F1. A POST that was refused, or that failed, is never repeated here: it takes a new decision.
// F2. What was sent is followed until the roles say how it ended.
// F3. Roles that are as before again, for whatever reason, are no failover: a page, and it is looked anew.

import type { OrchestrationContext } from "durable-functions";
import {
  type Announcement,
  type DecidedLook,
  notify,
  pollOperation,
  postFailover,
  record,
  takeClaim,
  verify,
  type Work,
} from "./contracts.ts";
import { run, type Steps, sleep } from "./durable.ts";
import { reportPhase } from "./motor-status.ts";

/** What a motor's status says of why it acts. */
type Reported = Pick<DecidedLook, "rule" | "verdict">;

export type FailoverEnd = "failed-over" | "not-failed-over" | "superseded";

/** However long Azure would have us wait: a motor that shows nothing for longer looks dead. */
const POLL_MAX_MS = 20_000;

/** Polls of one visit. An operation that takes longer is visited again after the next look. */
const POLLS = 20;

/** Ten minutes of looking at the new primary, then the receipt says what is not proven. */
const VERIFICATIONS = 60;
/** A region may once say what was true a moment ago; not for a minute. */
const UNDONE_LOOKS = 6;
const VERIFY_AGAIN_MS = 10_000;

/**
 * From the claim to the receipt: claim, POST, roles, verify, record. Ends early, with its reason,
 * where nothing may be sent.
 */
export function* failOver(
  context: OrchestrationContext,
  work: Work,
  seen: DecidedLook,
): Steps<FailoverEnd> {
  if (seen.action === null) throw new Error(`Cannot fail over: ${seen.rule} names no action`);

  reportPhase(context, "claiming", seen, { step: "post", afterMs: 0 });
  const { decisionId, action } = seen;
  const claim = yield* run(context, takeClaim, { ...work, decisionId, action });
  switch (claim.kind) {
    case "taken":
      return yield* send(context, work, seen, claim.epoch);
    case "refused":
      return "not-failed-over";
    case "too-late":
      return yield* tellTooLate(context, work);
    case "superseded":
      return "superseded";
    default:
      return claim satisfies never;
  }
}

/** Sends what the claim of this epoch fences, and follows it. */
function* send(
  context: OrchestrationContext,
  work: Work,
  seen: Reported,
  epoch: number,
): Steps<FailoverEnd> {
  reportPhase(context, "posting", seen, { step: "follow", afterMs: 0 });
  yield* tell(context, work, { type: "about-to-fail-over", key: `${epoch}`, urgent: true });
  const post = yield* run(context, postFailover, { ...work, epoch });
  switch (post.kind) {
    case "sent":
      return yield* follow(context, work, seen, { epoch, pollAfterMs: post.pollAfterMs });
    case "refused":
      yield* tell(context, work, { type: "page", key: `refused-${post.code}`, urgent: true });
      return "not-failed-over";
    case "not-sent":
      return "not-failed-over";
    case "too-late":
      return yield* tellTooLate(context, work);
    case "superseded":
      return "superseded";
    default:
      return post satisfies never;
  }
}

/** A store or a host that is so slow holds everything still, look after look: people hear of it once. */
function* tellTooLate(context: OrchestrationContext, work: Work): Steps<FailoverEnd> {
  yield* tell(context, work, { type: "page", key: "too-late", urgent: true });
  return "not-failed-over";
}

/** Follows a claim that may have been sent, until it is spent. */
export function* follow(
  context: OrchestrationContext,
  work: Work,
  seen: Reported,
  { epoch, pollAfterMs }: { readonly epoch: number; readonly pollAfterMs: number },
): Steps<FailoverEnd> {
  let afterMs = Math.min(pollAfterMs, POLL_MAX_MS);
  for (let poll = 0; poll < POLLS; poll++) {
    reportPhase(context, "following", seen, { step: "poll", afterMs });
    if (afterMs > 0) yield* sleep(context, afterMs);
    const answer = yield* run(context, pollOperation, { ...work, epoch });
    switch (answer.kind) {
      case "running":
        if (answer.slow !== null) {
          yield* tell(context, work, { type: "page", key: "slow", urgent: true });
        }
        afterMs = Math.min(answer.pollAfterMs, POLL_MAX_MS);
        break;
      case "moved":
        return yield* prove(context, work, seen, epoch);
      case "ended":
        yield* tell(context, work, { type: "page", key: `ended-${answer.code}`, urgent: true });
        return "not-failed-over";
      case "not-moved":
      case "spent-already":
        return "not-failed-over";
      case "superseded":
        return "superseded";
      default:
        return answer satisfies never;
    }
  }
  return "not-failed-over";
}

/** The roles have moved: prove that the new primary serves, and write down what it cost. */
function* prove(
  context: OrchestrationContext,
  work: Work,
  seen: Reported,
  epoch: number,
): Steps<FailoverEnd> {
  const moved: Announcement = { type: "failed-over", key: `${epoch}`, urgent: true };
  const told = yield* tell(context, work, moved);
  const proof = yield* lookAtTheNewPrimary(context, work, seen, epoch);
  // Nobody could be told: they hear of it now, before they hear what came of it.
  if (told === "unheard") yield* tell(context, work, moved);
  switch (proof) {
    case "verified":
      yield* tell(context, work, { type: "writable", key: `${epoch}`, urgent: true });
      break;
    case "unverified":
    case "undone":
      yield* tell(context, work, { type: "page", key: `${proof}-${epoch}`, urgent: true });
      break;
    case "superseded":
      return "superseded";
    default:
      return proof satisfies never;
  }
  const entry =
    proof === "undone"
      ? ({ kind: "undone", epoch } as const)
      : ({ kind: "failed-over", epoch, verified: proof === "verified" } as const);
  yield* run(context, record, { ...work, entry });
  return proof === "undone" ? "not-failed-over" : "failed-over";
}

function* lookAtTheNewPrimary(
  context: OrchestrationContext,
  work: Work,
  seen: Reported,
  epoch: number,
): Steps<"verified" | "unverified" | "undone" | "superseded"> {
  let undone = 0;
  for (let look = 0; look < VERIFICATIONS && undone < UNDONE_LOOKS; look++) {
    reportPhase(context, "verifying", seen, { step: "verify", afterMs: VERIFY_AGAIN_MS });
    if (look > 0) yield* sleep(context, VERIFY_AGAIN_MS);
    const answer = yield* run(context, verify, { ...work, epoch });
    if (answer.kind === "superseded") return "superseded";
    if (answer.kind === "looked" && answer.verified) return "verified";
    // A region that does not answer says nothing of what it said before.
    if (answer.kind === "undone") undone++;
    else if (answer.isPrimary) undone = 0;
  }
  return undone >= UNDONE_LOOKS ? "undone" : "unverified";
}

function* tell(
  context: OrchestrationContext,
  work: Work,
  announcement: Announcement,
): Steps<"heard" | "unheard"> {
  const { kind } = yield* run(context, notify, { ...work, announcement });
  return kind === "failed" ? "unheard" : "heard";
}
