import type { Diagnosis } from "../../domain/diagnosis.ts";
import { type Ask, isSameMatter, losesMore, type Question } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Decided } from "../../domain/receipt.ts";
import { tellingDue } from "./again.ts";
import { isAtRest } from "./has-healed.ts";
import { asksMore, nextVersion, questionOf } from "./question.ts";
import { opensNext } from "./windows.ts";

// The life of an ask: who is asked anew, what stands, what is taken back.
//
// P1. An ask is one matter: the incident, what would be done, and the diagnosis. What stands in its way makes versions of it.
// P2. No single round takes an ask back, and while trouble lasts none goes before another has been asked.
// P3. Of one incident nobody is asked anew within a quarter of an hour, unless it has become worse.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Who has denied the way home is not asked again for so long, where no window opens before. */
const DENIED_MS = 30 * DAY_MS;

/** For so long nobody may want to ask a thing any more before it is taken back. */
const UNWANTED_MS = 2 * MINUTE_MS;

const NEXT_ASK_MS = 15 * MINUTE_MS;

/** These are asked at once, whatever was asked before. */
const WORSE: readonly Diagnosis[] = ["key-denied", "instance-loss", "regional-loss"];

/** These say that we see nothing, or nothing wrong: what was asked before may be asked again at the next look. */
const SAYS_LITTLE: readonly Diagnosis[] = [
  "control-plane",
  "dns",
  "identity",
  "maintenance",
  "none",
  "overload",
  "unclear",
];

/** What this round would ask. */
export interface Wanted {
  readonly incidentId: string;
  readonly question: Question | null;
  readonly diagnosis: Diagnosis;
  /** Neither an outage nor trouble runs. */
  readonly isAtRest: boolean;
  readonly now: number;
  /** Asks whose approvals were before the rules: one that came since is for the next round. */
  readonly approvedBefore: readonly string[];
  readonly policy: Pick<Policy, "approvalMs" | "failback">;
}

/** A message that may have to be sent. */
export interface Sending {
  readonly key: string;
  /** Tells the ask from the others of its incident. */
  readonly askKey: string;
  readonly question: Question;
}

export interface SortedAsks {
  readonly withdraw: readonly Ask[];
  /** Asks that have just ceased to be wanted, or are wanted again. */
  readonly turned: readonly Ask[];
  /** Null: nobody is to be asked, or they have answered. */
  readonly sending: Sending | null;
}

/** What this decision would ask, and what speaks against all that was asked before. */
export function wantedBy(incidentId: string, decided: Decided, policy: Policy): Wanted {
  const { facts, decision } = decided;
  return {
    incidentId,
    question: questionOf(decided, policy),
    diagnosis: decision.diagnosis,
    isAtRest: isAtRest(facts.outage),
    now: facts.now,
    approvedBefore: facts.approvals.map(({ askId }) => askId),
    policy,
  };
}

/** What is to be sent, what is taken back, and what is no longer wanted. */
export function sortAsks(asks: readonly Ask[], wanted: Wanted): SortedAsks {
  const ours = asks.filter((ask) => ask.incidentId === wanted.incidentId);
  const open = ours
    .filter(({ answer }) => answer === "none")
    .map((ask) => ({ ...ask, unwantedSinceAt: unwantedSince(ask, wanted) }));
  const withdraw = open.filter((ask) => {
    const unwantedMs = wanted.now - (ask.unwantedSinceAt ?? wanted.now);
    return (unwantedMs >= UNWANTED_MS && mayGo(ask, ours)) || isReplaced(ask, open);
  });
  const turned = open.filter(
    (ask) =>
      !withdraw.includes(ask) &&
      (ask.unwantedSinceAt === null) !==
        (ours.find(({ id }) => id === ask.id)?.unwantedSinceAt === null),
  );
  return { withdraw, turned, sending: findSending(ours, wanted) };
}

function unwantedSince(ask: Ask, { question, diagnosis, now, ...seen }: Wanted): number | null {
  if (question !== null && isSameMatter(ask, question)) return null;
  const another = diagnosis !== ask.diagnosis && !SAYS_LITTLE.includes(diagnosis);
  if (!another && !(question === null && seen.isAtRest)) return null;
  return Math.min(ask.unwantedSinceAt ?? now, now);
}

/** Whoever answers while trouble lasts finds an ask: one of a failover goes when another has been asked, or its incident ends. */
function mayGo({ purpose, askedAt }: Ask, ours: readonly Ask[]): boolean {
  const isOpen = ({ answer }: Ask) => answer !== "withdrawn";
  return purpose === "fail-back" || ours.some((other) => isOpen(other) && other.askedAt > askedAt);
}

/** Has the same been asked since, to be done in another way? */
function isReplaced(ask: Ask, open: readonly Ask[]): boolean {
  return open.some(
    (other) =>
      other.diagnosis === ask.diagnosis && other.kind !== ask.kind && other.askedAt > ask.askedAt,
  );
}

function findSending(ours: readonly Ask[], wanted: Wanted): Sending | null {
  const { question, now } = wanted;
  if (question === null) return null;
  const live = ours.find(
    (ask) => isSameMatter(ask, question) && (stands(ask, wanted, question) || isNews(ask, wanted)),
  );
  if (live === undefined) {
    if (!mayAskAnew(ours, question, now)) return null;
    const key = `${now.toString(36)}~${question.kind}-${question.diagnosis}`;
    return { key, askKey: key, question };
  }
  if (live.answer !== "none") return null;
  const askKey = live.id.slice(live.incidentId.length + 1);
  if (asksMore(question, live)) {
    const next = nextVersion(question, live);
    return { key: keyOfSending(askKey, next.version, 1), askKey, question: next };
  }
  const { kind, diagnosis, guards, lossAtMostMs, version } = live;
  const key = keyOfSending(askKey, version, tellingDue(live.askedAt, now));
  return { key, askKey, question: { kind, diagnosis, guards, lossAtMostMs, version } };
}

/**
 * Waits for its answer, or has been answered no: either way nobody is asked anew. A no stands for the incident, unless
 * more would be lost by now; on the way home, until the next window opens.
 */
function stands(ask: Ask, { now, policy }: Wanted, question: Question): boolean {
  const { answer, answeredAt, purpose } = ask;
  if (answer !== "denied" || answeredAt === null) return answer === "none";
  if (purpose === "fail-over") return !losesMore(question, ask);
  const { window } = policy.failback;
  const opensAt = window === null ? null : opensNext(window, answeredAt);
  return now < (opensAt ?? answeredAt + DENIED_MS);
}

/** Approved since the facts of this round were read? */
function isNews(ask: Ask, { now, policy, approvedBefore }: Wanted): boolean {
  return (
    ask.answer === "approved" &&
    now - (ask.answeredAt ?? 0) < policy.approvalMs &&
    !approvedBefore.includes(ask.id)
  );
}

function mayAskAnew(ours: readonly Ask[], question: Question, now: number): boolean {
  const lately = ours.filter(({ askedAt }) => now - askedAt < NEXT_ASK_MS);
  const ofDiagnosis = lately.filter(({ diagnosis }) => diagnosis === question.diagnosis);
  const stillAsked = ofDiagnosis.some(({ answer }) => answer !== "withdrawn");
  if (lately.length === 0 || (WORSE.includes(question.diagnosis) && !stillAsked)) return true;
  // What has its answer has no next version. Nor does anybody wait for what an approved attempt that failed has left.
  return ofDiagnosis.some(
    (ask) => asksMore(question, ask) && (isSameMatter(ask, question) || ask.answer === "approved"),
  );
}

/** The key of the announcement that carries this sending of an ask. */
function keyOfSending(askKey: string, version: number, sending: number): string {
  const ofVersion = version === 1 ? askKey : `${askKey}~v${version}`;
  return sending === 1 ? ofVersion : `${ofVersion}~${sending}`;
}
