import type { Claim } from "../../domain/claim.ts";
import type { Facts, OperationState } from "../../domain/facts.ts";
import { otherSide, type Side } from "../../domain/group.ts";
import type { Incident } from "../../domain/incident.ts";
import type { SecondaryCommit } from "../../domain/loss.ts";
import type { Watch } from "../../domain/watch.ts";

// What the rows of the ledger and the answers of the world mean, as facts.

/** From the onset on, samples stay as they were: what a dying link says of itself is worth nothing. */
export function samplesFor(
  incident: Incident | null,
  watch: Pick<Watch, "samples">,
): Watch["samples"] {
  const failing = incident?.outage.onsetAt ?? incident?.outage.trouble?.sinceAt ?? null;
  const kept = failing === null ? [] : (incident?.samples ?? []);
  return kept.length > 0 ? kept : watch.samples;
}

/** When the roles were seen to have moved without us; null while they have not, or it may have been us. */
export function movedByOther(
  state: Facts["groupState"],
  claim: Claim | null | "unknown",
  primary: Side,
  now: number,
): number | null {
  if (state.kind === "unknown" || state.targetRole !== "primary") return null;
  const ours = claim !== null && claim !== "unknown" && claim.target === otherSide(primary);
  const mayBeOurs = ours && (claim.state === "sent" || claim.spentBecause === "moved");
  return mayBeOurs ? null : now;
}

/** An operation as deciding must see it: a failover is ours while a claim of ours is out. */
export function operationOf(
  read: OperationState,
  state: Facts["groupState"],
  claim: Claim | null | "unknown",
): OperationState {
  const ours = claim !== null && claim !== "unknown" && claim.state === "sent";
  const by = ours ? "us" : "other";
  if (read.kind === "running" && read.what === "failover") return { ...read, by };
  if (state.kind !== "read" || state.replication.kind !== "moving") return read;
  // Whatever else runs, a failover comes first.
  const { said } = state.replication;
  return { kind: "running", what: "failover", said, side: null, startedAt: null, by };
}

/** Commits read before the first failed look are of a primary that still served. */
export function readSince(
  rows: readonly SecondaryCommit[],
  failedAt: number | null,
): SecondaryCommit[] {
  return rows.filter(({ measuredAt }) => failedAt !== null && measuredAt >= failedAt);
}

/** Do commits still arrive at the secondary? Compared with the last look, both read after the first failed one. */
export function advances(
  before: readonly SecondaryCommit[],
  after: readonly SecondaryCommit[],
): Facts["secondaryAdvances"] {
  const marks = new Map(before.map((row) => [row.database, row.lastCommitMark]));
  let compared = false;
  for (const { database, lastCommitMark } of after) {
    const earlier = marks.get(database);
    if (earlier === undefined || earlier === null || lastCommitMark === null) continue;
    if (lastCommitMark > earlier) return "yes";
    compared = true;
  }
  return compared ? "no" : "unknown";
}

/** Our newest claim, as a fact. */
export function claimState(claim: Claim | null | "unknown", now: number): Facts["claim"] {
  if (claim === "unknown") return { kind: "unknown", because: "claim-store-unreadable" };
  if (claim === null) return { kind: "none" };
  if (claim.state === "spent") {
    return { kind: "spent", epoch: claim.epoch, unmovedAt: unmovedAt(claim, now) };
  }
  return {
    kind: "open",
    state: claim.state,
    epoch: claim.epoch,
    failover: claim.kind,
    sinceMs: Math.max(0, now - claim.takenAt),
  };
}

/** A refusal began nothing, and what was given up without an answer has been quiet for longer than is asked for here. */
function unmovedAt({ spentBecause, spentAt }: Claim, now: number): number | null {
  if (spentBecause !== "ended-in-error" && spentBecause !== "undone") return null;
  // An instant of the future was said by another site's clock.
  return spentAt !== null && spentAt <= now ? spentAt : null;
}

/** When the newest request was refused because a database of the target still undoes the last role change, in whatever word Azure says so. */
export function undoRefusedAt(claim: Claim | null | "unknown"): number | null {
  if (claim === null || claim === "unknown" || claim.spentBecause !== "refused") return null;
  return claim.code?.endsWith("DuringUndo") === true ? claim.spentAt : null;
}

/** Our own planned attempt within this incident, as a fact. */
export function attemptOf(
  incident: Incident | null,
  claim: Claim | null | "unknown",
  now: number,
): Facts["attempt"] {
  if (incident === null) return { kind: "none" };
  if (claim !== null && claim !== "unknown" && claim.kind === "planned" && claim.state === "sent") {
    return { kind: "running", sinceMs: Math.max(0, now - (claim.sentAt ?? claim.takenAt)) };
  }
  if (incident.plannedEndedAt === null) return { kind: "none" };
  const code = incident.plannedEndedCode ?? "unknown";
  return {
    kind: "ended-in-error",
    code,
    timedOutForDatabase: code === "PlannedFailoverTimedOutForDatabase",
    endedAt: incident.plannedEndedAt,
  };
}

/** Replication lag of the worst database at the newest sample; null when any of them is unknown. */
export function newestLag({ samples }: Facts): number | null {
  const newest = Math.max(...samples.map((sample) => sample.measuredAt));
  const lags = samples
    .filter((sample) => sample.measuredAt === newest)
    .map((sample) => sample.lagSeconds);
  if (lags.length === 0 || lags.includes(null)) return null;
  return Math.max(...lags.map((lag) => lag ?? 0));
}
