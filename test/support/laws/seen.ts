import type { Decision } from "../../../shared/domain/decision.ts";
import type { Facts, FailbackFacts } from "../../../shared/domain/facts.ts";
import type { GuardId } from "../../../shared/domain/guard.ts";
import type { Approval } from "../../../shared/domain/person.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { Purpose } from "../../../shared/domain/purpose.ts";

// What the laws read. Written from docs/spec.md and docs/glossary.md, with nothing of the rules, the
// guards, the judgement or the check: whoever is wrong, it takes two readings to be wrong alike.

/** A decision, and all that it was made from. */
export interface Seen {
  readonly purpose: Purpose;
  readonly facts: Facts;
  readonly failback: FailbackFacts;
  readonly policy: Policy;
  readonly decision: Decision;
  readonly tally: Tally;
}

/** A sentence that holds for every decision. */
export interface Law {
  readonly id: string;
  readonly says: string;
  readonly broken: (seen: Seen) => boolean;
}

/** The looks, counted by hand. */
export interface Tally {
  readonly fresh: number;
  readonly downMajority: boolean;
  readonly upMajority: boolean;
  readonly life: boolean;
  /** A majority is answered, and refused. */
  readonly refuses: boolean;
}

export function tallyOf(facts: Facts, policy: Policy): Tally {
  const limitMs = 2 * policy.intervalMs + policy.probeTimeoutMs;
  const spoken = policy.vantages.flatMap(({ name, region }) => {
    const looks = facts.looks.filter(({ vantage, target, startedAt }) => {
      const ageMs = facts.now - startedAt;
      return vantage === name && target === facts.primary && ageMs >= 0 && ageMs < limitMs;
    });
    const [newest, ...earlier] = looks.toSorted((a, b) => b.startedAt - a.startedAt);
    if (newest === undefined) return [];
    const before =
      newest.result === "blind" ? earlier.find((l) => l.result !== "blind") : undefined;
    return [{ ...newest, region, lived: (before ?? newest).result }];
  });
  const down = spoken.filter(({ result }) => result === "no-answer" || result === "not-serving");
  const { application: a } = facts;
  const applicationLives =
    a.kind === "ratio" &&
    policy.applicationFloor !== null &&
    a.value >= policy.applicationFloor &&
    a.ageMs <= 5 * 60_000 &&
    facts.now - a.ageMs - a.windowMs > (facts.outage.onsetAt ?? -Infinity);
  return {
    fresh: spoken.length,
    refuses: spoken.filter(({ result }) => result === "alive").length > policy.vantages.length / 2,
    downMajority:
      down.length > policy.vantages.length / 2 &&
      down.some(({ region }) => region !== facts.primaryRegion),
    upMajority:
      spoken.filter(({ result }) => result === "writes").length > policy.vantages.length / 2,
    life:
      applicationLives ||
      facts.secondaryAdvances === "yes" ||
      spoken.some(({ lived }) => lived === "writes" || lived === "alive"),
  };
}

export function acts({ decision }: Seen): boolean {
  return decision.verdict === "fail-over";
}

export function asks({ decision }: Seen): boolean {
  return decision.verdict === "ask";
}

export function forces(seen: Seen): boolean {
  return acts(seen) && seen.decision.kind === "forced";
}

export function called({ facts: { call, now }, purpose }: Seen): boolean {
  return call !== null && call.purpose === purpose && call.expiresAt > now;
}

/** The approvals that were given for this very decision. */
export function approvalsOf({ facts, purpose, decision }: Seen): Approval[] {
  return facts.approvals.filter(
    (a) =>
      a.purpose === purpose &&
      a.incidentId === facts.incidentId &&
      a.expectedPrimary === facts.primary &&
      a.diagnosis === decision.diagnosis &&
      a.expiresAt > facts.now &&
      (decision.kind !== "forced" || mayForce(a, facts)),
  );
}

/** Only what was told that it forces, and of at least this loss, is a yes to forcing. */
function mayForce({ kind, guards, lossAtMostMs }: Approval, { loss }: Facts): boolean {
  if (kind !== "forced") return false;
  if (guards.includes("loss-unknown")) return true;
  return loss.kind === "bounded" && lossAtMostMs !== null && loss.atMostMs <= lossAtMostMs;
}

/** Is there nothing that a failover would mend: most write to it, or nothing that was wrong still runs? */
export function isWell({ facts: { outage }, tally }: Seen): boolean {
  const { onsetAt, partialSinceAt, trouble } = outage;
  return tally.upMajority || [onsetAt, partialSinceAt, trouble].every((one) => one === null);
}

/** Has an operator given a word on this guard that still stands? */
export function overridden({ facts }: Seen, guard: GuardId): boolean {
  return facts.overrides.some(
    (word) =>
      word.guard === guard &&
      word.group === facts.group &&
      word.expectedPrimary === facts.primary &&
      (word.incidentId ?? facts.incidentId) === facts.incidentId &&
      facts.now < word.expiresAt,
  );
}

/** Has a person named this guard: by an override, in the call, or in an approval bound to this? */
export function accepted(seen: Seen, guard: GuardId): boolean {
  if (overridden(seen, guard)) return true;
  if (called(seen)) return seen.facts.call?.accepts.includes(guard) === true;
  return approvalsOf(seen).some(({ guards }) => guards.includes(guard));
}

export function byPerson(seen: Seen): boolean {
  return called(seen) || approvalsOf(seen).length > 0;
}

/** A request of ours is out, so that what moves may be moved by us. */
function oursIsOut({ claim, attempt }: Facts): boolean {
  return claim.kind === "open" || attempt.kind === "running";
}

/** Somebody else fails this group over, or has. */
export function othersAct({ facts }: Seen): boolean {
  const { operation, groupState, movedByOtherAt, activity, now } = facts;
  if (movedByOtherAt !== null) return true;
  if (operation.kind === "running" && operation.what === "failover" && operation.by === "other")
    return true;
  const lately = (at: number | undefined | null) => now - (at ?? -Infinity) < 30 * 60_000;
  const others = activity.filter(({ ours, what }) => !ours && what === "failover");
  const started = others.some(({ startedAt }) => lately(startedAt));
  const ended = others.some((entry) => lately(entry.ended?.at));
  if (started && !ended) return true;
  if (oursIsOut(facts)) return false;
  if (operation.kind === "running" && operation.what === "failover") {
    if (operation.by === "unknown") return true;
    // Ours is what is in progress.
    return groupState.kind === "read" && groupState.targetRole === "primary";
  }
  if (groupState.kind === "unknown") return false;
  return groupState.targetRole === "primary" || groupState.replication.kind === "moving";
}

/** A request of ours has no end yet, or a planned attempt runs. */
export function oursRuns({ facts }: Seen): boolean {
  return oursIsOut(facts);
}

/** The least outage that may be acted on without a call. */
export function graceMsOf({ facts: { outage, now }, policy }: Seen): number {
  const { lastNotServingAt: at, wasSlow } = outage;
  return wasSlow || (at !== null && Math.abs(now - at) <= 120_000)
    ? policy.grayGraceMs
    : policy.graceMs;
}

/** Trouble has lasted the group's own measure, and it is not one that is answered and refused. */
export function troubleLasts({ facts: { now, outage }, policy, tally }: Seen): boolean {
  const { trouble } = outage;
  return trouble !== null && now >= trouble.sinceAt + policy.rtoMs && !tally.refuses;
}

/** And what is seen now cannot be acted on by itself. */
export function troubleForRto(seen: Seen): boolean {
  return troubleLasts(seen) && (seen.tally.life || !seen.tally.downMajority);
}

/** Part of the databases has been lost for the whole grace. */
export function partialForGrace({ facts: { outage, now }, policy }: Seen): boolean {
  return outage.partialSinceAt !== null && now - outage.partialSinceAt >= policy.graceMs;
}
