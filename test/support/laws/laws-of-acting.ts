import type { Facts } from "../../../shared/domain/facts.ts";
import { MINUTE } from "../facts.ts";
import { WINDOW_OPEN_NOW } from "../freeze.ts";
import {
  accepted,
  acts,
  approvalsOf,
  byPerson,
  called,
  forces,
  graceMsOf,
  isWell,
  type Law,
  othersAct,
  oursRuns,
  overridden,
  partialForGrace,
  type Seen,
  troubleLasts,
} from "./seen.ts";

/** The invariants of docs/spec.md that concern deciding: the rules keep them, and the check knows them. */
export const LAWS_OF_INVARIANTS: readonly Law[] = [
  {
    id: "I1",
    says: "acts only with a token that is good for five more minutes",
    broken: (s) => acts(s) && (s.facts.tokenGoodForMs ?? 0) < 5 * MINUTE,
  },
  {
    id: "I4",
    says: "acts only where the configured vantages could convict and clear",
    broken: (s) => acts(s) && !canJudge(s),
  },
  { id: "I1", says: "acts only on fresh looks", broken: (s) => acts(s) && s.tally.fresh === 0 },
  {
    id: "I1",
    says: "has a person behind it wherever the policy wants one",
    broken: (s) => acts(s) && wantsPerson(s) && !byPerson(s),
  },
  {
    id: "I1",
    says: "has a person for it where a person changed the primary shortly before",
    broken: (s) => acts(s) && changedByPerson(s) && !accepted(s, "changed-by-person"),
  },
  {
    id: "I1",
    says: "has a person for it while an operation on the primary has not ended",
    broken: (s) => acts(s) && primaryAtWork(s) && !accepted(s, "operation-on-primary"),
  },
  {
    id: "I1",
    says: "never after a person has said no to the incident, unless somebody approved that",
    broken: (s) => acts(s) && s.facts.deniedAt !== null && !accepted(s, "denied"),
  },
  {
    id: "I5",
    says: "never to a target that was undoing half an hour ago, unless accepted",
    broken: (s) => acts(s) && targetUndoes(s) && !accepted(s, "target-in-undo"),
  },
  {
    id: "I2",
    says: "has every earlier claim spent",
    broken: (s) => acts(s) && !["none", "spent"].includes(s.facts.claim.kind),
  },
  {
    id: "I2",
    says: "never beside another's failover, nor after one, nor beside our own",
    broken: (s) => acts(s) && (othersAct(s) || oursRuns(s)),
  },
  {
    id: "I3",
    says: "never forces while a sign of life stands",
    broken: (s) => forces(s) && s.tally.life && !accepted(s, "sign-of-life"),
  },
  {
    id: "I3",
    says: "spends no yes to forcing on a primary that has healed",
    broken: (s) => acts(s) && isFailover(s) && !called(s) && isWell(s) && saysForceAlone(s),
  },
  {
    id: "I4",
    says: "never forces without a strict majority, one of it outside",
    broken: (s) => forces(s) && !s.tally.downMajority && !accepted(s, "no-majority"),
  },
  {
    id: "I5",
    says: "has a settled group that says secondary, and nothing running",
    broken: (s) => acts(s) && !isSettled(s),
  },
  {
    id: "I5",
    says: "goes to a secondary that answers and is Ready, as far as it was read",
    broken: (s) =>
      acts(s) &&
      (s.facts.secondary.sql !== "answers" || s.facts.secondary.state.kind === "not-ready"),
  },
  {
    id: "I5",
    says: "goes to a secondary whose replication is clear, unless accepted",
    broken: (s) => acts(s) && linkUnclear(s) && !accepted(s, "replication-unclear"),
  },
  {
    id: "I5",
    says: "never under a Microsoft-managed policy, unless accepted",
    broken: (s) =>
      acts(s) &&
      s.facts.groupState.kind === "read" &&
      s.facts.groupState.failoverPolicy === "automatic" &&
      !accepted(s, "microsoft-managed"),
  },
  {
    id: "I5",
    says: "never to a secondary that is unfit, unless accepted",
    broken: (s) =>
      acts(s) && s.facts.secondary.fitness.kind === "unfit" && !accepted(s, "secondary-unfit"),
  },
  {
    id: "I5",
    says: "never without the capacity that is required, unless accepted",
    broken: (s) =>
      acts(s) &&
      s.policy.capacityRequired &&
      s.facts.capacityAtTarget !== "ready" &&
      !accepted(s, "capacity-at-target"),
  },
  {
    id: "I6",
    says: "never with the key path unproven, unless accepted",
    broken: (s) => acts(s) && keyUnproven(s) && !accepted(s, "key-unknown"),
  },
  {
    id: "I6",
    says: "never with the key denied, unless accepted",
    broken: (s) => acts(s) && s.facts.keyPath.kind === "denied" && !accepted(s, "key-denied"),
  },
  {
    id: "I7",
    says: "never forces an unknown loss, unless accepted",
    broken: (s) => forces(s) && s.facts.loss.kind === "unknown" && !accepted(s, "loss-unknown"),
  },
  {
    id: "I7",
    says: "never forces a loss over the budget, unless that much was accepted",
    broken: (s) => forces(s) && lossOverBudget(s) && !acceptedThatMuch(s),
  },
  {
    id: "I8",
    says: "never in observe mode",
    broken: (s) => acts(s) && s.policy.mode === "observe",
  },
  { id: "I8", says: "never while paused", broken: (s) => acts(s) && isPaused(s) },
  {
    id: "I8",
    says: "never while frozen",
    broken: (s) => acts(s) && s.policy.freeze.includes(WINDOW_OPEN_NOW),
  },
  {
    id: "I13",
    says: "never within the cooldown of anybody's role change, unless accepted",
    broken: (s) => acts(s) && coolsDown(s) && !accepted(s, "cooldown"),
  },
  {
    id: "I5",
    says: "never where the group has not been seen followed since its roles last changed, unless accepted",
    broken: (s) => acts(s) && neverFollowed(s) && !accepted(s, "unprotected"),
  },
  {
    id: "I1",
    says: "does nothing by itself about what began with failing storage",
    broken: (s) =>
      acts(s) && isFailover(s) && !byPerson(s) && s.facts.outage.storageFailedAt !== null,
  },
];

/** What the rules promise beyond them. */
const LAWS_OF_RULES: readonly Law[] = [
  {
    id: "I1",
    says: "waits for the grace, but for a call and for what never lasts that long",
    broken: (s) => acts(s) && isFailover(s) && !called(s) && !graceIsOver(s),
  },
  {
    id: "I1",
    says: "forces a primary that answers only after a planned attempt, or by a person",
    broken: (s) =>
      forces(s) &&
      !byPerson(s) &&
      s.decision.diagnosis.startsWith("gray-") &&
      s.facts.attempt.kind === "none",
  },
  {
    id: "I1",
    says: "sees a minute of outage after an attempt that moved nothing, of whatever kind",
    broken: (s) =>
      acts(s) &&
      isFailover(s) &&
      !called(s) &&
      (s.facts.attempt.kind === "ended-in-error" || attemptInOutage(s)) &&
      s.facts.outage.sinceAttemptMs < 60_000,
  },
  {
    id: "I1",
    says: "after an attempt stuck on one database, has a person who knew of it",
    broken: (s) => acts(s) && isFailover(s) && !called(s) && stuckAttemptUnseen(s),
  },
  {
    id: "I1",
    says: "names the rule of the second rung after a planned attempt",
    broken: (s) =>
      acts(s) &&
      isFailover(s) &&
      !called(s) &&
      s.facts.attempt.kind === "ended-in-error" &&
      s.decision.rule !== "forced-after-planned",
  },
  {
    id: "I1",
    says: "comes from a site outside the primary's region",
    broken: (s) => acts(s) && siteRegion(s) === s.facts.primaryRegion,
  },
  {
    id: "I11",
    says: "nobody being down, only a person makes it act, or the way home",
    broken: (s) => acts(s) && isFailover(s) && !s.tally.downMajority && !byPerson(s),
  },
];

/** What must be true of whatever acts. */
export const LAWS_OF_ACTING: readonly Law[] = [...LAWS_OF_INVARIANTS, ...LAWS_OF_RULES];

export function canJudge({ facts: { primaryRegion }, policy: { vantages, mode } }: Seen): boolean {
  const outside = vantages.filter(({ region }) => region !== primaryRegion).length;
  return (
    new Set(vantages.map(({ name }) => name)).size === vantages.length &&
    outside > vantages.length / 2 &&
    (mode !== "automatic" || outside < vantages.length)
  );
}

function isFailover({ purpose }: Seen): boolean {
  return purpose === "fail-over";
}

function saysForceAlone(s: Seen): boolean {
  const words = approvalsOf(s);
  return words.length > 0 && (forces(s) || words.every(({ kind }) => kind === "forced"));
}

function wantsPerson({ purpose, policy, decision }: Seen): boolean {
  if (policy.mode !== "automatic") return true;
  if (purpose === "fail-back") return policy.failback.mode !== "automatic";
  return !policy.canary || !policy.automatic.includes(decision.diagnosis);
}

function graceIsOver(s: Seen): boolean {
  const neverLasts = s.decision.diagnosis === "flapping" || partialForGrace(s) || troubleLasts(s);
  if (neverLasts && approvalsOf(s).length > 0) return true;
  return s.facts.outage.outageMs >= graceMsOf(s);
}

function attemptInOutage({ facts }: Seen): boolean {
  return facts.outage.onsetAt !== null && facts.outage.attemptEndedAt !== null;
}

function stuckAttemptUnseen(s: Seen): boolean {
  const { attempt } = s.facts;
  if (attempt.kind !== "ended-in-error" || !attempt.timedOutForDatabase) return false;
  return approvalsOf(s).every(({ approvedAt }) => approvedAt <= attempt.endedAt);
}

function siteRegion({ facts, policy }: Seen): string | undefined {
  return policy.vantages.find(({ name }) => name === facts.site)?.region;
}

function isSettled({ facts: { groupState: g, operation } }: Seen): boolean {
  return (
    operation.kind !== "running" &&
    g.kind === "read" &&
    g.targetRole === "secondary" &&
    !["seeding", "moving"].includes(g.replication.kind)
  );
}

export function linkUnclear({ facts: { groupState: g } }: Seen): boolean {
  return g.kind === "read" && ["pending", "other"].includes(g.replication.kind);
}

export function keyUnproven({ facts: { keyPath }, policy }: Seen): boolean {
  return (
    keyPath.kind === "unknown" || (keyPath.kind === "proven" && keyPath.ageMs > policy.keyProofMs)
  );
}

function lossOverBudget({ facts: { loss }, policy }: Seen): boolean {
  return loss.kind === "bounded" && loss.atMostMs > policy.lossBudgetMs;
}

/** Whoever accepts an unknown loss accepts any; an approval covers the loss it was told. */
function acceptedThatMuch(s: Seen): boolean {
  const { loss, overrides } = s.facts;
  const covers = (atMostMs: number | null) =>
    loss.kind === "bounded" && atMostMs !== null && loss.atMostMs <= atMostMs;
  if (overridden(s, "loss-over-budget") && overrides.some((o) => covers(o.lossAtMostMs))) {
    return true;
  }
  if (called(s)) return accepted(s, "loss-over-budget");
  return approvalsOf(s).some(
    ({ guards, lossAtMostMs }) =>
      guards.includes("loss-over-budget") &&
      (guards.includes("loss-unknown") || covers(lossAtMostMs)),
  );
}

export function isPaused({ facts }: Seen): boolean {
  const stands = facts.pause.some(
    ({ scope, expiresAt }) =>
      [facts.group, "*"].includes(scope) && (expiresAt ?? Number.POSITIVE_INFINITY) > facts.now,
  );
  return stands || !facts.pauseReadable;
}

/** When the roles last changed; never before all time, and who cannot tell says now. */
function lastChange({ now, activity, lastRoleChange: last }: Facts): number {
  const failovers = activity.filter(({ what }) => what === "failover");
  const ends = failovers.map(({ ended }) => (ended?.how === "well" ? ended.at : -Infinity));
  if (last.kind === "unknown") return now;
  return Math.max(...ends, last.kind === "known" ? last.at : -Infinity);
}

export function coolsDown({ facts, policy }: Seen): boolean {
  return facts.now < lastChange(facts) + policy.cooldownMs;
}

export function neverFollowed({ facts }: Seen): boolean {
  const changedAt = lastChange(facts);
  if (facts.lastRoleChange.kind === "unknown") return true;
  if (changedAt === -Infinity) return false;
  const { followedAt } = facts;
  return followedAt === null || followedAt < changedAt || followedAt > facts.now;
}

const OTHER_SIDE = { home: "partner", partner: "home" } as const;

export function primaryAtWork({ facts: { primary, primaryWork, activity } }: Seen): boolean {
  const { operation: listed } = primaryWork;
  if (listed !== null && !["failover", "other"].includes(listed.what)) {
    const ends = activity.filter(({ what, ours, side, startedAt, ended }) => {
      const begins = startedAt ?? (ended?.how === "well" ? 0 : Infinity);
      const isSame = what === listed.what || (what === "scale" && listed.what === "update");
      const spans = ended !== null && begins <= listed.beganAt && listed.beganAt <= ended.at;
      return isSame && spans && !ours && side === primary;
    });
    if (ends.length === 0) return true;
  }
  return activity.some((entry) => {
    if (entry.ours || entry.ended !== null || entry.startedAt === null) return false;
    if (entry.side === OTHER_SIDE[primary ?? "home"]) return false;
    if (entry.what === "failover" || entry.what === "other") return false;
    return primaryWork.readyAt === null || entry.startedAt >= primaryWork.readyAt;
  });
}

export function targetUndoes({ facts: { undoRefusedAt, now } }: Seen): boolean {
  return undoRefusedAt !== null && undoRefusedAt + 30 * MINUTE > now;
}

/** From when to when it ran: to the end that the log tells, else while the primary was read at work. */
function spans(
  startedAt: number | null,
  ended: Facts["activity"][number]["ended"],
  { primaryWork: { busy } }: Facts,
): readonly (readonly [number, number])[] {
  if (startedAt === null) return ended?.how === "well" ? [[ended.at, ended.at]] : [];
  const worked =
    busy !== undefined && startedAt + 120_000 >= (busy.afterReadyAt ?? 0) ? busy.until : 0;
  return [[startedAt, Math.max(startedAt, ended?.at ?? worked)]];
}

export function changedByPerson({ facts, policy, tally }: Seen): boolean {
  const { onsetAt } = facts.outage;
  if (onsetAt === null || !tally.downMajority) return false;
  return facts.activity.some(
    ({ what, ours, side, startedAt, ended }) =>
      !ours &&
      side !== OTHER_SIDE[facts.primary ?? "home"] &&
      what !== "failover" &&
      what !== "other" &&
      spans(startedAt, ended, facts).some(
        ([from, to]) => to >= onsetAt - 15 * 60_000 && from <= onsetAt + policy.probeTimeoutMs,
      ),
  );
}
