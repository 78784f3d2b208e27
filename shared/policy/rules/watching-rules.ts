import type { Reason } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import { findApprovals } from "../evidence/find-approval.ts";
import { graceFor } from "../evidence/grace.ts";
import { isAtRest } from "../evidence/has-healed.ts";
import { isTrouble } from "../evidence/track-trouble.ts";
import { OBSERVE } from "./never-rules.ts";
import {
  type Case,
  closedReasons,
  hasClosed,
  isClosed,
  outage,
  type Rule,
  reason,
  votes,
} from "./rule.ts";

/** An attempt makes the primary look down: this much must be seen anew after it ended. */
const AFTER_ATTEMPT_MS = 60_000;

/** While it is not clear that the primary is lost: what asks without waiting, then what waits. */
export const WATCHING_RULES: readonly Rule[] = [
  // Before partial-loss: the cause is told, not what it broke.
  // Before sign-of-life, grace, absolute-guard: it is told at once, whatever else stands.
  {
    id: "key-denied",
    verdict: "ask",
    says: "down, and the key is denied: an act of somebody, not an outage; ask at once",
    when: (c) => !c.approved && c.diagnosis === "key-denied" && c.judgement.downMajority,
    because: (c) => [votes(c), ...closedReasons(c)],
  },
  // Before flapping: what lasts says more than what has ended.
  // Before no-majority: whoever logs in does not vote down, so this would never be asked.
  {
    id: "partial-loss",
    verdict: "ask",
    says: "a majority has seen part of the databases lost for the whole grace",
    when: (c) => !c.approved && partialForGrace(c),
    because: ({ facts, judgement }) => [
      reason("partial", {
        sinceAt: facts.outage.partialSinceAt,
        databases: judgement.failedDatabases.join(" "),
      }),
    ],
  },
  // Before no-majority, grace: between two outages neither would ever let it be asked.
  // Free against long-trouble-guarded: trouble that lasts is named before outages that come and go.
  {
    id: "flapping",
    verdict: "ask",
    says: "outages come and go, and none has lasted its grace",
    when: (c) => !c.approved && c.diagnosis === "flapping",
    because: ({ facts }) => [reason("ended-outages", { outages: facts.outage.ended.length })],
  },
  // Before long-trouble-observed: this holds in every mode.
  // Before long-trouble: an ask would offer what no approval can give.
  {
    id: "long-trouble-guarded",
    verdict: "hold",
    says: "trouble lasts, and a guard that nobody lifts is closed",
    when: (c) => isLongTrouble(c) && hasClosed(c, "absolute"),
    because: (c) => [trouble(c), ...closedReasons(c)],
  },
  // Before long-trouble: in observe nobody is asked.
  {
    id: "long-trouble-observed",
    verdict: "hold",
    says: "trouble lasts, and the mode is observe",
    when: (c) => isLongTrouble(c) && OBSERVE.when(c),
    because: (c) => [trouble(c), ...OBSERVE.because(c)],
  },
  // Before no-majority, sign-of-life, grace: those would hold for as long as it lasts.
  // Free against healed: whoever is asked has not approved.
  {
    id: "long-trouble",
    verdict: "ask",
    says: "trouble has lasted longer than the group may be down, and nothing can be done by itself",
    when: (c) => !c.approved && isLongTrouble(c),
    because: (c) => [trouble(c), votes(c), ...c.judgement.signsOfLife],
  },
  // Before no-majority: whoever has approved is told what became of that.
  // Before guard: nobody is asked to accept more about what serves again.
  // Before planned-first, primary-lost: they would act.
  {
    id: "healed",
    verdict: "hold",
    says: "somebody has approved, and the primary has healed since",
    when: isApprovedAndHealed,
    because: (c) => [reason("healed", { upSinceAt: c.facts.outage.upSinceAt }), votes(c)],
  },
  // Before sign-of-life: without votes there is nothing that life contradicts.
  {
    id: "no-majority",
    verdict: "hold",
    says: "no strict majority of the sites, one of them outside, votes down",
    when: (c) => !c.judgement.downMajority && (!c.approved || isClosed(c, "no-majority")),
    because: (c) => [votes(c), ...closedReasons(c, "quorum")],
  },
  // Before grace: life does not run out as the grace does.
  {
    id: "sign-of-life",
    verdict: "hold",
    says: "a sign of life stands",
    when: (c) => c.judgement.signsOfLife.length > 0 && (!c.approved || isClosed(c, "sign-of-life")),
    because: ({ judgement }) => [...judgement.signsOfLife],
  },
  // Before after-planned: the outage as a whole comes before its last minute.
  // Before guard: nobody is asked about what may yet end by itself.
  {
    id: "grace",
    verdict: "hold",
    says: "the grace is not over",
    when: (c) => !graceIsOver(c) && !approvedWithoutOutage(c),
    because: (c) => [
      outage(c),
      reason("grace", { graceMs: graceFor(c.facts.outage, c.facts.now, c.policy) }),
    ],
  },
  // Before absolute-guard: what ends within a minute is told first.
  // Before planned-timed-out-for-database: nor is anybody asked before that minute is seen.
  {
    id: "after-planned",
    verdict: "hold",
    says: "a failover, planned or forced, ended without moving the roles, and less than a minute of outage was seen since",
    when: ({ facts: { attempt, outage: o } }) =>
      (attempt.kind === "ended-in-error" || endedInOutage(o)) &&
      o.sinceAttemptMs < AFTER_ATTEMPT_MS,
    because: ({ facts: { outage: o } }) => [
      reason("outage-since-attempt", { sinceMs: o.sinceAttemptMs, neededMs: AFTER_ATTEMPT_MS }),
    ],
  },
];

/** A planned failover of what comes and goes may be wanted between two outages, where just that was approved. */
function isApprovedAndHealed({ facts, judgement, approved, kind, diagnosis }: Case): boolean {
  if (!approved || !(judgement.upMajority || isAtRest(facts.outage))) return false;
  const words = findApprovals(facts, { purpose: "fail-over", kind, diagnosis });
  return kind === "forced" || words.every((word) => word.kind === "forced");
}

/** Where no outage runs there is no minute of it to wait for. */
function endedInOutage({ attemptEndedAt, onsetAt }: Facts["outage"]): boolean {
  return attemptEndedAt !== null && onsetAt !== null;
}

function partialForGrace({ facts, policy }: Case): boolean {
  const { partialSinceAt } = facts.outage;
  return partialSinceAt !== null && facts.now - partialSinceAt >= policy.graceMs;
}

function graceIsOver({ facts, policy }: Case): boolean {
  return facts.outage.outageMs >= graceFor(facts.outage, facts.now, policy);
}

/** A down-majority without a sign of life is left to the rows below: it may yet be acted on by itself. */
function isLongTrouble(c: Case): boolean {
  // Whatever it is named: a denied key is named first, and asked about by a row above only where a majority votes down.
  const { downMajority, signsOfLife } = c.judgement;
  return lastsAsTrouble(c) && (!downMajority || signsOfLife.length > 0);
}

function lastsAsTrouble({ facts, judgement, policy }: Case): boolean {
  return isTrouble(facts, judgement, policy);
}

function trouble({ facts: { now, outage: o }, policy: { rtoMs } }: Case): Reason {
  const sinceAt = o.trouble?.sinceAt ?? null;
  return reason("trouble", { sinceAt, lastedMs: sinceAt === null ? null : now - sinceAt, rtoMs });
}

/** What comes and goes, or is lost only in part, never lasts a grace: the approval stands for it. */
function approvedWithoutOutage(c: Case): boolean {
  const comesAndGoes = c.diagnosis === "flapping" || lastsAsTrouble(c);
  return c.approved && (comesAndGoes || partialForGrace(c));
}
