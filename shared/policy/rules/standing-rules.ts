import type { ActivityEntry, Facts } from "../../domain/facts.ts";
import { type Case, type Rule, reason } from "./rule.ts";

/** An unended start in the activity log counts this long; after that the log has lost its end. */
const STARTED_MEMORY_MS = 30 * 60_000;

/** What comes before every other rule, in peace and in war: somebody, perhaps we, already acts. */
export const STANDING_RULES: readonly Rule[] = [
  // Before roles-moved: what still runs is told before the roles that it has moved.
  // Before claim-open: beside another's failover nothing of ours is waited for.
  {
    id: "failover-by-other",
    verdict: "stand-down",
    says: "a failover that is not ours is in progress",
    when: ({ facts }) => runsByOther(facts) || startedByOther(facts) !== null,
    because: ({ facts }) => [
      reason("failover-in-progress", { by: startedByOther(facts)?.by ?? "not-us" }),
    ],
  },
  // Before claim-open: what others have moved leaves us nothing to finish.
  {
    id: "roles-moved",
    verdict: "stand-down",
    says: "the roles have moved, and not by us",
    when: ({ facts }) => facts.movedByOtherAt !== null || targetIsPrimary(facts),
    because: ({ facts }) => [reason("roles-moved", { movedAt: facts.movedByOtherAt })],
  },
  // Before planned-running: the open claim is what gets reconciled, the attempt only tells of it.
  {
    id: "claim-open",
    verdict: "hold",
    says: "what became of an earlier request of ours is not known yet: that comes first",
    when: ({ facts }) => facts.claim.kind === "open",
    because: claimSpent,
  },
  // Before call-guard-absolute, call-accepted: nor is a person's call sent beside it.
  // Before not-away: the roles may move at any moment, so where the group lives says nothing yet.
  {
    id: "planned-running",
    verdict: "hold",
    says: "our own planned attempt runs: a forced one is never sent beside it",
    when: ({ facts }) => facts.attempt.kind === "running",
    because: ({ facts: { attempt } }) => [
      reason("planned-ends", { sinceMs: attempt.kind === "running" ? attempt.sinceMs : null }),
    ],
  },
];

/** Something of ours is out whose outcome we do not know: what moves may be moved by us. */
function oursIsOut({ claim, attempt }: Facts): boolean {
  return claim.kind === "open" || attempt.kind === "running";
}

function runsByOther(facts: Facts): boolean {
  const { operation, groupState } = facts;
  if (operation.kind === "running" && operation.what === "failover") {
    return operation.by === "other" || (operation.by === "unknown" && !oursIsOut(facts));
  }
  const moves = groupState.kind === "read" && groupState.replication.kind === "moving";
  return moves && !oursIsOut(facts);
}

function startedByOther({ activity, now }: Facts): ActivityEntry | null {
  const others = activity.filter(({ what, ours }) => what === "failover" && !ours);
  // Whose end is told, and when: one may be logged without its start.
  const endedSince = (at: number) => others.some(({ ended }) => ended !== null && ended.at >= at);
  const runs = ({ startedAt }: ActivityEntry) =>
    startedAt !== null && now - startedAt < STARTED_MEMORY_MS && !endedSince(startedAt);
  return others.find(runs) ?? null;
}

function targetIsPrimary(facts: Facts): boolean {
  const { groupState } = facts;
  return groupState.kind === "read" && groupState.targetRole === "primary" && !oursIsOut(facts);
}

function claimSpent({ facts: { claim } }: Case) {
  if (claim.kind !== "open") return [];
  const { epoch, state, sinceMs } = claim;
  return [reason("claim-spent", { epoch, state, sinceMs })];
}
