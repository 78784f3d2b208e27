import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { Facts } from "../../domain/facts.ts";
import type { GuardId } from "../../domain/guard.ts";
import { freshMs, type Policy } from "../../domain/policy.ts";
import type { FailoverKind, Purpose } from "../../domain/purpose.ts";
import { countLooks } from "./count-looks.ts";
import { isWithin } from "./within-window.ts";

/** A decision to act, as the invariants see it. */
export interface Act {
  readonly purpose: Purpose;
  readonly kind: FailoverKind;
  readonly diagnosis: Diagnosis;
  readonly facts: Facts;
  readonly policy: Policy;
  readonly accepts: (guard: GuardId) => boolean;
  /** A call or an approval that is bound to this act. */
  readonly byPerson: boolean;
  /** Of what kind the approvals are that it rests on; none of them counts beside a call. */
  readonly restsOn: readonly FailoverKind[];
}

interface Breach {
  readonly invariant: string;
  readonly because: string;
  readonly when: (act: Act) => boolean;
}

/** Each row is a breach. The order only decides which one is named. */
export const BREACHES: readonly Breach[] = [
  { invariant: "I8", because: "observe-mode", when: ({ policy }) => policy.mode === "observe" },
  { invariant: "I8", because: "paused", when: ({ facts }) => isPaused(facts) },
  {
    invariant: "I8",
    because: "frozen",
    when: ({ facts, policy }) => policy.freeze.some((window) => isWithin(window, facts.now)),
  },
  {
    invariant: "I5",
    because: "group-not-settled",
    when: ({ facts: { groupState: g } }) =>
      g.kind !== "read" ||
      g.targetRole !== "secondary" ||
      ["SEED", "PROGRESS", "FAILING"].some((part) => saysOfLink(g).includes(part)),
  },
  {
    invariant: "I5",
    because: "replication-unclear",
    when: ({ facts: { groupState: g }, accepts }) =>
      !["CATCH_UP", "CATCHUP", "SYNCHRONIZING", "SUSPENDED"].includes(saysOfLink(g)) &&
      !accepts("replication-unclear"),
  },
  {
    invariant: "I5",
    because: "operation-in-progress",
    when: ({ facts }) => facts.operation.kind === "running" || facts.attempt.kind === "running",
  },
  { invariant: "I5", because: "failover-by-other", when: ({ facts }) => othersFailOver(facts) },
  {
    invariant: "I5",
    because: "secondary-not-ready",
    when: ({ facts }) => !["READY", "UNKNOWN"].includes(facts.secondary.state.said.toUpperCase()),
  },
  {
    invariant: "I5",
    because: "secondary-does-not-answer",
    when: ({ facts }) => facts.secondary.sql !== "answers",
  },
  {
    invariant: "I2",
    because: "claim-not-spent",
    when: ({ facts: { claim } }) => claim.kind !== "none" && claim.kind !== "spent",
  },
  { invariant: "I2", because: "roles-moved", when: ({ facts }) => facts.movedByOtherAt !== null },
  {
    invariant: "I1",
    because: "nobody-approved",
    when: (act) => !act.byPerson && needsPerson(act),
  },
  { invariant: "I1", because: "no-fresh-look", when: (act) => !counted(act).fresh },
  {
    invariant: "I1",
    because: "no-token",
    when: ({ facts: { tokenGoodForMs } }) => (tokenGoodForMs ?? 0) < TOKEN_MS,
  },
  {
    invariant: "I1",
    because: "asked-too-long-ago",
    when: ({ facts: { askedSinceAt, now }, policy }) =>
      askedSinceAt !== null &&
      (askedSinceAt > now || now - askedSinceAt > freshMs(policy) + ASKED_MORE_MS),
  },
  { invariant: "I4", because: "quorum-impossible", when: cannotJudge },
  {
    invariant: "I3",
    because: "sign-of-life",
    when: (act) => act.kind === "forced" && counted(act).life && !act.accepts("sign-of-life"),
  },
  {
    invariant: "I3",
    because: "healed",
    when: (act) => isWell(act) && wasMeantToForce(act),
  },
  {
    invariant: "I11",
    because: "unknown-counted-as-down",
    when: (act) => lacksMajority(act) && counted(act).majorityIfUnknownWereDown,
  },
  { invariant: "I4", because: "no-down-majority", when: lacksMajority },
  {
    invariant: "I5",
    because: "microsoft-managed",
    when: ({ facts: { groupState: g }, accepts }) =>
      g.kind === "read" && g.failoverPolicy === "automatic" && !accepts("microsoft-managed"),
  },
  {
    invariant: "I5",
    because: "secondary-unfit",
    when: ({ facts, accepts }) =>
      facts.secondary.fitness.kind === "unfit" && !accepts("secondary-unfit"),
  },
  {
    invariant: "I5",
    because: "capacity-not-ready",
    when: ({ facts, policy, accepts }) =>
      policy.capacityRequired &&
      facts.capacityAtTarget !== "ready" &&
      !accepts("capacity-at-target"),
  },
  {
    invariant: "I6",
    because: "key-denied",
    when: ({ facts, accepts }) => facts.keyPath.kind === "denied" && !accepts("key-denied"),
  },
  {
    invariant: "I6",
    because: "key-unproven",
    when: ({ facts: { keyPath: k }, policy, accepts }) =>
      (k.kind === "unknown" || (k.kind === "proven" && k.ageMs > policy.keyProofMs)) &&
      !accepts("key-unknown"),
  },
  {
    invariant: "I7",
    because: "loss-unknown",
    when: ({ kind, facts, accepts }) =>
      kind === "forced" && facts.loss.kind === "unknown" && !accepts("loss-unknown"),
  },
  {
    invariant: "I7",
    because: "loss-contradicted",
    when: (act) => act.kind === "forced" && lacksWhatIsSafe(act) && !act.accepts("loss-unknown"),
  },
  {
    invariant: "I7",
    because: "loss-over-budget",
    when: ({ kind, facts: { loss }, policy, accepts }) =>
      kind === "forced" &&
      loss.kind === "bounded" &&
      loss.atMostMs > policy.lossBudgetMs &&
      !accepts("loss-over-budget"),
  },
  {
    invariant: "I13",
    because: "cooldown",
    when: ({ facts, policy, accepts }) =>
      roleChangesOf(facts).some((at) => at + policy.cooldownMs > facts.now) && !accepts("cooldown"),
  },
  {
    invariant: "I13",
    because: "role-change-unknown",
    when: ({ facts, accepts }) => facts.lastRoleChange.kind === "unknown" && !accepts("cooldown"),
  },
  {
    invariant: "I5",
    because: "unprotected",
    when: ({ facts, accepts }) => !followedSince(facts) && !accepts("unprotected"),
  },
  {
    invariant: "I1",
    because: "changed-by-person",
    when: (act) =>
      counted(act).majority && changedBeforeOnset(act) && !act.accepts("changed-by-person"),
  },
  {
    invariant: "I5",
    because: "target-in-undo",
    when: ({ facts: { undoRefusedAt, now }, accepts }) =>
      (undoRefusedAt ?? -Infinity) > now - UNDO_OF_TARGET_MS && !accepts("target-in-undo"),
  },
  {
    invariant: "I1",
    because: "denied",
    when: ({ facts, accepts }) => typeof facts.deniedAt === "number" && !accepts("denied"),
  },
  {
    invariant: "I1",
    because: "operation-on-primary",
    when: ({ facts, accepts }) => isWorkedOn(facts) && !accepts("operation-on-primary"),
  },
];

/** How far the activity log is believed: an unended start, and a change that may be the cause. */
const LOG_START_MS = 30 * 60_000;
const LOG_CHANGE_MS = 15 * 60_000;
const LOG_AHEAD_MS = 120_000;

/** A row of the canary that is this much older than what the bound calls safe has to be over there. */
const CANARY_SLACK_MS = 10_000;

/** For so long nobody takes a target that undid something for ready, unasked. */
const UNDO_OF_TARGET_MS = 1_800_000;

/** A round may take so much longer, from its first question to its decision, than a look stays fresh. */
const ASKED_MORE_MS = 2_000;

/** What a token must still be good for. */
const TOKEN_MS = 300_000;

/** Azure's own word for the link, read here once more: that it was understood once is not enough. */
function saysOfLink(group: Facts["groupState"]): string {
  return group.kind === "read" ? group.replication.said.toUpperCase() : "";
}

function counted({ facts, policy }: Act): ReturnType<typeof countLooks> {
  return countLooks(facts, policy);
}

/** Most write to it, or nothing runs that could be mended. */
function isWell(act: Act): boolean {
  const { onsetAt, partialSinceAt, trouble } = act.facts.outage;
  const nothingRuns = onsetAt === null && partialSinceAt === null && trouble === null;
  return counted(act).upMajority || nothingRuns;
}

/** Going home is of a primary that is well. */
function wasMeantToForce({ purpose, kind, restsOn }: Act): boolean {
  if (purpose === "fail-back" || restsOn.length === 0) return false;
  return kind === "forced" || !restsOn.includes("planned");
}

function lacksMajority(act: Act): boolean {
  return act.kind === "forced" && !counted(act).majority && !act.accepts("no-majority");
}

/** With the primary's region silent the others must reach the majority; by itself it also takes one inside. */
function cannotJudge({ facts: { primaryRegion }, policy: { mode, vantages } }: Act): boolean {
  const names = vantages.map(({ name }) => name);
  const inside = vantages.filter(({ region }) => region === primaryRegion).length;
  const outside = vantages.length - inside;
  const repeated = names.some((name, at) => names.indexOf(name) !== at);
  return repeated || 2 * outside <= vantages.length || (mode === "automatic" && inside === 0);
}

function othersFailOver({ activity, now }: Facts): boolean {
  const others = activity.filter(({ ours, what }) => !ours && what === "failover");
  const sinceAt = Math.max(
    now - LOG_START_MS,
    ...others.map(({ ended }) => ended?.at ?? -Infinity),
  );
  return others.some(({ startedAt }) => (startedAt ?? -Infinity) > sinceAt);
}

function roleChangesOf({ lastRoleChange, activity }: Facts): number[] {
  const ends = activity.filter(({ what }) => what === "failover").map(({ ended }) => ended);
  const known = lastRoleChange.kind === "known" ? [lastRoleChange.at] : [];
  return [...known, ...ends.flatMap((end) => (end?.how === "well" ? [end.at] : []))];
}

/** Of every change that anybody knows of there is a later word that both sides gave. */
function followedSince(facts: Facts): boolean {
  const { followedAt, lastRoleChange, now } = facts;
  const seenAt = followedAt !== null && followedAt <= now ? followedAt : -Infinity;
  return lastRoleChange.kind !== "unknown" && roleChangesOf(facts).every((at) => at <= seenAt);
}

/** Of trouble the bound counts from its first look: from the onset that runs just now it would seem to promise more. */
function lacksWhatIsSafe({ diagnosis, facts: { loss, outage: o, ...facts } }: Act): boolean {
  const fromAt = diagnosis === "trouble" ? (o.trouble?.sinceAt ?? null) : o.onsetAt;
  if (loss.kind !== "bounded" || fromAt === null) return false;
  const { canaryDatabase } = facts;
  const safeUntilAt = fromAt - loss.atMostMs - CANARY_SLACK_MS;
  const ofCanary = ({ database }: { database: string }) => database === canaryDatabase;
  const there = facts.secondaryCommits.filter(ofCanary).filter((c) => c.measuredAt >= fromAt);
  const newest = there.map((c) => c.measuredAt - (c.lastCommitAgeMs ?? Number.NaN));
  const oldest = facts.samples
    .filter(ofCanary)
    .map((s) => s.measuredAt - (s.lastCommitAgeMs ?? Number.NaN));
  return oldest.some(
    (at) =>
      at < safeUntilAt && newest.length > 0 && newest.every((n) => !(n >= at - CANARY_SLACK_MS)),
  );
}

const WORK = ["network", "key", "scale", "update"];

/** Begun and not ended, by what the instance lists or by the log: none of it counts from before it was last Ready. */
function isWorkedOn({ primaryWork: { operation, readyAt }, activity, primary }: Facts): boolean {
  const unended = activity.filter(
    ({ what, ours, side, startedAt, ended }) =>
      WORK.includes(what) &&
      !ours &&
      [null, primary].includes(side) &&
      (startedAt ?? -Infinity) >= (readyAt ?? 0) &&
      ended === null,
  );
  if (operation === null || !WORK.includes(operation.what)) return unended.length > 0;
  const { what: listed, beganAt } = operation;
  const overByLog = activity.filter(
    ({ what, ours, side, startedAt, ended }) =>
      (what === listed || `${what} ${listed}` === "scale update") &&
      !ours &&
      side === primary &&
      (ended?.at ?? -Infinity) >= beganAt &&
      (startedAt ?? (ended?.how === "well" ? -Infinity : Infinity)) <= beganAt,
  );
  return overByLog.length === 0 || unended.length > 0;
}

function changedBeforeOnset({ facts, policy }: Act): boolean {
  const { onsetAt } = facts.outage;
  if (onsetAt === null) return false;
  return facts.activity.some(
    ({ what, ours, side, startedAt, ended }) =>
      !(ours || (side !== null && side !== facts.primary)) &&
      WORK.includes(what) &&
      !(startedAt === null && ended?.how === "badly") &&
      (startedAt ?? ended?.at ?? Infinity) - onsetAt <= policy.probeTimeoutMs &&
      onsetAt - Math.max(startedAt ?? 0, ended?.at ?? busySince(startedAt, facts)) <= LOG_CHANGE_MS,
  );
}

/** Until when it was read at work after a start that the log tells no end of; long ago where it was not. */
function busySince(startedAt: number | null, { primaryWork: { busy } }: Facts): number {
  if (startedAt === null || busy === undefined) return -Infinity;
  const before = busy.afterReadyAt;
  return before !== null && startedAt + LOG_AHEAD_MS < before ? -Infinity : busy.until;
}

function isPaused({ pause, pauseReadable, group, now }: Facts): boolean {
  const stands = pause.filter((p) => p.expiresAt === null || p.expiresAt > now);
  return !pauseReadable || stands.some((p) => p.scope === "*" || p.scope === group);
}

function needsPerson({ purpose, policy, diagnosis, facts }: Act): boolean {
  if (policy.mode === "approve") return true;
  if (purpose === "fail-back") return policy.failback.mode !== "automatic";
  if (facts.outage.storageFailedAt !== null || diagnosis === "trouble") return true;
  return !policy.canary || !policy.automatic.includes(diagnosis);
}
