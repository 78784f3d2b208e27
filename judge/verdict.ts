import type { Decision } from "../shared/domain/decision.ts";
import { DecisionReceipt } from "../shared/domain/receipt.ts";
import type { Expected, JudgedDecision, JudgedMode } from "./incident-file.ts";
import type { DecidedAt, PostedAt, Trace } from "./trace.ts";

/** What a run came to, in the words of the format. */
export interface Outcome {
  readonly decision: JudgedDecision;
  readonly mode: JudgedMode | null;
  readonly atMs: number | null;
  readonly rule: string | null;
  readonly diagnosis: string | null;
}

/** The window in which an incident file wants its answer; the whole run where it names none. */
export type Window = Pick<Expected, "earliestMs" | "latestMs">;

type Found = Outcome | null;

/** Reads the outcome from what happened, in the format's order of precedence. */
export function readVerdict(trace: Trace, window: Window | null): Outcome {
  const posts = trace.posts.filter(({ answer }) => answer !== "not-sent");
  // Once a forced request has left, nothing was aborted any more.
  const forced = posts.some(({ kind }) => kind === "forced");
  return (
    (forced ? null : findAbort(trace, posts, window)) ??
    findFailover(trace, posts) ??
    findAsk(trace) ??
    never(trace)
  );
}

function findAbort(trace: Trace, posts: readonly PostedAt[], window: Window | null): Found {
  return (
    standDown(trace, window) ??
    refusedRedelivery(trace) ??
    lateApproval(trace) ??
    cancelledEscalation(trace, posts)
  );
}

/** Another's failover was observed, inside the window if there is one, and we stood down. */
function standDown({ decisions, moves }: Trace, window: Window | null): Found {
  const from = window?.earliestMs ?? Number.NEGATIVE_INFINITY;
  const to = window?.latestMs ?? Number.POSITIVE_INFINITY;
  // Roles that our own request has moved are nobody else's doing.
  const movedAtMs = moves[0]?.atMs ?? Number.POSITIVE_INFINITY;
  const found = decisions.find(
    ({ atMs, decision }) =>
      decision.verdict === "stand-down" && atMs >= from && atMs <= to && atMs < movedAtMs,
  );
  return found === undefined ? null : outcome("abort", null, found.atMs, found.decision);
}

function refusedRedelivery({ redeliveries }: Trace): Found {
  const refused = redeliveries.find(({ outcome: what }) => what !== "sent");
  if (refused === undefined) return null;
  return {
    decision: "abort",
    mode: null,
    atMs: refused.atMs,
    rule: `redelivery-${refused.outcome.replace(/^not-sent: /, "")}`,
    diagnosis: null,
  };
}

/** Somebody said yes to a question that nobody asked any more. */
function lateApproval({ answers, asks, decisions }: Trace): Found {
  for (const { answer, askId, atMs } of answers) {
    const withdrawnAtMs = asks.find((ask) => ask.askId === askId)?.withdrawnAtMs ?? null;
    if (answer !== "approve" || withdrawnAtMs === null || withdrawnAtMs > atMs) continue;
    const then = decisions.findLast((decided) => decided.atMs <= withdrawnAtMs + 1_000);
    return outcome("abort", null, withdrawnAtMs, then?.decision ?? null);
  }
  return null;
}

/** A planned attempt ended, and what would have justified forcing it was gone. */
function cancelledEscalation({ decisions }: Trace, posts: readonly PostedAt[]): Found {
  const planned = posts.find(({ kind }) => kind === "planned");
  if (planned === undefined) return null;
  const since = decisions.filter(({ atMs }) => atMs > planned.atMs);
  const cancelled = since.find(
    ({ decision, outage }) =>
      outage.attemptEndedAt !== null &&
      (decision.rule === "no-majority" || decision.rule === "sign-of-life"),
  );
  return cancelled === undefined
    ? null
    : outcome("abort", "cancel_escalation", cancelled.atMs, cancelled.decision);
}

function findFailover({ decisions, receipts }: Trace, posts: readonly PostedAt[]): Found {
  const [first] = posts;
  if (first === undefined) return null;
  const because = decisions.findLast(
    ({ atMs, decision }) => atMs <= first.atMs && decision.verdict === "fail-over",
  );
  const mode = first.kind === "planned" ? "planned_then_forced" : "forced";
  const decision = because?.decision ?? actedOn(receipts);
  return outcome("failover", mode, first.atMs, decision);
}

/** Going home is no incident: what it was decided on stands in its receipt. */
function actedOn(receipts: readonly unknown[]): Decision | null {
  for (const row of receipts) {
    const receipt = DecisionReceipt.safeParse(row);
    if (receipt.success && receipt.data.decision.verdict === "fail-over") {
      return receipt.data.decision;
    }
  }
  return null;
}

function findAsk({ asks }: Trace): Found {
  const [first] = asks;
  return first === undefined
    ? null
    : outcome("hold_for_approval", null, first.atMs, first.decision);
}

/** Nothing was done: how far it came while an outage ran says why, else what was held on most often. */
function never({ decisions }: Trace): Outcome {
  const furthest = decisions.findLast(({ outage }) => outage.onsetAt !== null);
  const troubled = decisions.filter(({ decision }) => decision.diagnosis !== "none");
  const held = furthest ?? mostFrequent(troubled.length > 0 ? troubled : decisions);
  return outcome("never", null, null, held?.decision ?? null);
}

function mostFrequent(decisions: readonly DecidedAt[]): DecidedAt | null {
  const counts = new Map<string, number>();
  let most: DecidedAt | null = null;
  for (const each of decisions) {
    const count = (counts.get(each.decision.rule) ?? 0) + 1;
    counts.set(each.decision.rule, count);
    if (most === null || count > (counts.get(most.decision.rule) ?? 0)) most = each;
  }
  return most;
}

function outcome(
  decision: JudgedDecision,
  mode: JudgedMode | null,
  atMs: number | null,
  by: Pick<Decision, "rule" | "diagnosis"> | null,
): Outcome {
  return { decision, mode, atMs, rule: by?.rule ?? null, diagnosis: by?.diagnosis ?? null };
}
