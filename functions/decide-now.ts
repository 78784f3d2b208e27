import type { Facts, FailbackFacts } from "../shared/domain/facts.ts";
import type { Failback } from "../shared/domain/failback.ts";
import type { Group, Side } from "../shared/domain/group.ts";
import type { Incident } from "../shared/domain/incident.ts";
import type { LossBound } from "../shared/domain/loss.ts";
import { isOver, latestFailbackOf } from "../shared/ledger/failbacks.ts";
import { openIncidentOf } from "../shared/ledger/incidents.ts";
import { readWatch } from "../shared/ledger/watches.ts";
import { boundLoss } from "../shared/policy/bound-loss.ts";
import { decide, decideHome } from "../shared/policy/decide.ts";
import { firstFailed } from "../shared/policy/first-failed.ts";
import { judgeObservations } from "../shared/policy/judge-observations.ts";
import { trackOutage } from "../shared/policy/track-outage.ts";
import { isOpen, opensNext } from "../shared/policy/windows.ts";
import type { App } from "./app.ts";
import { type Asked, gatherFacts } from "./gather-facts.ts";
import type { Decided } from "./write-receipt.ts";

/** Looks once and puts what it sees to the rules. Writes no decision down and does nothing about it. */
export async function decideNow(
  app: App,
  asked: Pick<Asked, "group" | "purpose" | "call">,
): Promise<Decided> {
  const { group } = asked;
  if (asked.purpose === "fail-back") {
    const failback = await findFailback(app, group, "partner");
    return lookAndJudge(app, { ...asked, workId: failback?.id ?? null, incident: null });
  }
  const { primary } = await readWatch(app.stores.own, group.name);
  const store = app.stores.target(group, primary ?? "home");
  const incident = await openIncidentOf(store, group.name);
  return lookAndJudge(app, { ...asked, workId: incident?.id ?? null, incident });
}

/** Gathers the facts, brings outage and loss up to date with this round, and decides. */
export async function lookAndJudge(app: App, asked: Asked): Promise<Decided> {
  const gathered = await gatherFacts(app, asked);
  const facts = fold(gathered, asked.group, asked.incident);
  const { purpose } = asked;
  if (purpose === "fail-over") {
    const { decision } = decide(facts, asked.group.policy);
    return { purpose, facts, homeward: null, decision };
  }
  const failback = await lookHome(app, asked.group, facts);
  const { version, base, ...homeward } = failback;
  const { decision } = decideHome(failback, asked.group.policy);
  return { purpose, facts: base, homeward, decision };
}

/**
 * Counts every instant at which a look ended since the last round, not only this one: the ticks that
 * saw the first failures are part of the outage, whenever its incident was opened.
 */
export function fold(
  facts: Facts,
  { policy }: Pick<Group, "policy">,
  incident: Pick<Incident, "countedUntilAt" | "carriedLoss"> | null,
): Facts {
  const attemptEndedAt = facts.attempt.kind === "ended-in-error" ? facts.attempt.endedAt : null;
  const committedAt = newestCommit(facts);
  let { outage } = facts;
  for (const now of instantsToCount(facts, incident?.countedUntilAt ?? null)) {
    const looks = facts.looks.filter((seen) => seen.endedAt <= now);
    // What was read in this round holds for the looks since the last one: a sign of life that stands
    // all the time must not look like one that comes and goes.
    const then = { ...facts, looks, now };
    const seen = judgeObservations(then, policy);
    const livedAt = newestOf(seen.livedAt, outage.livedAt, committedAt);
    // A look that had begun before the last proof of life failed after it.
    const firstFailedAt =
      firstFailed(then, livedAt, policy) ?? newestOf(livedAt, seen.firstFailedAt);
    const judgement = { ...seen, firstFailedAt };
    outage = trackOutage(outage, { now, judgement, attemptEndedAt }, policy);
  }
  const { samples, secondaryCommits } = facts;
  const loss = boundLoss({ onsetAt: outage.onsetAt, samples, secondaryCommits });
  const sameOutage = outage.onsetAt !== null && outage.onsetAt === facts.outage.onsetAt;
  const carried = sameOutage ? (incident?.carriedLoss ?? null) : null;
  return { ...facts, outage, loss: carried === null ? loss : tighter(loss, carried) };
}

/** What the secondary has, the primary lived to commit: a look that failed before was not yet the onset. */
function newestCommit({ secondaryCommits }: Facts): number | null {
  const instants = secondaryCommits.map(({ measuredAt, lastCommitAgeMs }) =>
    lastCommitAgeMs === null ? null : measuredAt - lastCommitAgeMs,
  );
  return newestOf(...instants);
}

function newestOf(...instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Two bounds of the same loss: the lesser one holds. */
function tighter(a: LossBound, b: LossBound): LossBound {
  if (a.kind === "unknown") return b;
  return b.kind === "unknown" || a.atMostMs <= b.atMostMs ? a : b;
}

function instantsToCount(facts: Facts, countedUntilAt: number | null): readonly number[] {
  const ended = facts.looks.map((seen) => seen.endedAt);
  const past = ended.filter((at) => at > (countedUntilAt ?? 0) && at < facts.now);
  return [...new Set(past)].sort((a, b) => a - b).concat(facts.now);
}

async function lookHome(app: App, group: Group, base: Facts): Promise<FailbackFacts> {
  const failback = await findFailback(app, group, "partner");
  const { window } = group.policy.failback;
  // A site that was away has seen the change only when it came back; the row knows when it was.
  const lastRoleChangeAt = failback?.failedOverAt ?? base.lastRoleChangeAt;
  return {
    version: 1,
    base: { ...base, lastRoleChangeAt },
    away: base.primary === "partner",
    healthySinceAt: failback?.healthySinceAt ?? null,
    windowOpen: window === null || isOpen(window, base.now),
    windowOpensAt: window === null ? null : opensNext(window, base.now),
    lagSeconds: newestLag(base),
  };
}

/** Replication lag of the worst database at the newest sample; null when any of them is unknown. */
function newestLag({ samples }: Facts): number | null {
  const newest = Math.max(...samples.map((sample) => sample.measuredAt));
  const lags = samples
    .filter((sample) => sample.measuredAt === newest)
    .map((sample) => sample.lagSeconds);
  if (lags.length === 0 || lags.includes(null)) return null;
  return Math.max(...lags.map((lag) => lag ?? 0));
}

/** What a failover to that side left to do, from whichever store shows it; over as soon as one says so. */
export async function findFailback(app: App, group: Group, awayOn: Side): Promise<Failback | null> {
  const rows = await Promise.all(
    app.stores
      .both(group, awayOn)
      .map((store) => latestFailbackOf(store, group.name, awayOn).catch(() => null)),
  );
  const known = rows.flatMap((row) => (row === null ? [] : [row]));
  const newestAt = Math.max(...known.map((row) => row.failedOverAt));
  const newest = known.filter((row) => row.failedOverAt === newestAt);
  return newest.some(isOver) ? null : (newest[0] ?? null);
}
