import * as z from "zod";
import { Diagnosis } from "./diagnosis.ts";
import { Side } from "./group.ts";
import { GuardId, OverridableGuard } from "./guard.ts";
import { FailoverKind, Purpose } from "./purpose.ts";
import { Instant } from "./units.ts";

/** Who did it, and how sure we are of that. */
export const Actor = z.object({
  name: z.string(),
  proof: z.enum(["claimed", "authenticated"]),
});
export type Actor = z.infer<typeof Actor>;

/** What a message of an ask shows, and what an approval of it accepts. */
const shown = {
  guards: z.array(GuardId),
  /** Upper edge of the loss that the approver is told, null where it is unknown. */
  lossAtMostMs: z.number().int().nullable(),
};

/** How it would be done. Rows of before do not say: then it is taken for what forces nothing. */
const kind = FailoverKind.default("planned");

/** What an ask asks: an approval of it is good for this and nothing else. */
export const Question = z.object({
  kind,
  diagnosis: Diagnosis,
  ...shown,
  /** Counted from one: more stands in the way than the message before this one has shown. */
  version: z.number().int().positive().default(1),
});
export type Question = z.infer<typeof Question>;

/** What a message has shown to whoever answers it. */
export type Shown = Pick<Question, "kind" | "diagnosis" | "guards" | "lossAtMostMs">;

/** Is it the same matter, whatever stands in its way by now? */
export function isSameMatter(
  a: Pick<Question, "kind" | "diagnosis">,
  b: Pick<Question, "kind" | "diagnosis">,
): boolean {
  return a.kind === b.kind && a.diagnosis === b.diagnosis;
}

/** Would more be lost than was shown? */
export function losesMore(
  question: Pick<Question, "lossAtMostMs">,
  shown: Pick<Question, "lossAtMostMs">,
): boolean {
  return (question.lossAtMostMs ?? Infinity) > (shown.lossAtMostMs ?? Infinity);
}

/** Would an approval of this accept anything that was not shown? */
export function acceptsMore(question: Shown, shown: Shown): boolean {
  const unseen = question.guards.some((guard) => !shown.guards.includes(guard));
  return unseen || losesMore(question, shown) || !isSameMatter(question, shown);
}

const tokens = { tokenHashes: z.array(z.string()) };

/**
 * A request for approval: it stands until it is answered or withdrawn, however often it is sent. Its token is used
 * once; only hashes are kept, one for each time it was sent.
 */
export const Ask = Question.extend({
  id: z.string(),
  incidentId: z.string(),
  purpose: Purpose,
  expectedPrimary: Side,
  ...tokens,
  /** What was sent and showed something else: before this version, or beside it by another motor. */
  older: z.array(z.object({ ...shown, ...tokens })).default([]),
  /** When this version was asked first. */
  askedAt: Instant,
  /** Since when nobody would ask this any more; null while it is wanted, or may be again any moment. */
  unwantedSinceAt: Instant.nullable().default(null),
  answer: z.enum(["none", "approved", "denied", "withdrawn"]),
  /** Null: it has no answer, or an earlier release wrote none. */
  answeredAt: Instant.nullable().default(null),
  /** Of a yes: the noes to the same incident that were known when it was said. */
  takesBack: z.array(z.string()).default([]),
});
export type Ask = z.infer<typeof Ask>;

/** Has a person said yes or no to it? */
export function isAnswered({ answer }: Pick<Ask, "answer">): boolean {
  return answer === "approved" || answer === "denied";
}

/** Of each ask of an incident the answer that the first store has: that of the target, where every answer is given first. */
export function answersTo(asks: readonly Ask[], incidentId: string | null): readonly Ask[] {
  const ours = asks.filter((ask) => ask.incidentId === incidentId && isAnswered(ask));
  return ours.filter((ask, at) => ours.findIndex(({ id }) => id === ask.id) === at);
}

/** The noes to this incident, each by a name of its own: to say it once more is another one. */
export function noesTo(asks: readonly Ask[], incidentId: string): readonly string[] {
  return answersTo(asks, incidentId)
    .filter(({ answer }) => answer === "denied")
    .map(nameOfNo);
}

/** Tells one answer of an ask from the next. */
export function nameOfNo({ id, answeredAt }: Pick<Ask, "id" | "answeredAt">): string {
  return `${id} ${answeredAt}`;
}

/** An approval is a fact, bound to what was asked; the same rules judge it against fresh facts. */
export const Approval = z.object({
  askId: z.string(),
  incidentId: z.string(),
  purpose: Purpose,
  expectedPrimary: Side,
  kind,
  diagnosis: Diagnosis,
  ...shown,
  actor: Actor,
  approvedAt: Instant,
  expiresAt: Instant,
});
export type Approval = z.infer<typeof Approval>;

/** A person's call to fail over or back. It replaces the grace, never the guards. */
export const PersonCall = z.object({
  id: z.string(),
  purpose: Purpose,
  kind: FailoverKind,
  accepts: z.array(GuardId),
  reason: z.string(),
  actor: Actor,
  calledAt: Instant,
  expiresAt: Instant,
});
export type PersonCall = z.infer<typeof PersonCall>;

/**
 * A named operator's word that one guard need not hold, until it expires. It lifts that guard and
 * nothing else: it approves nothing and changes no mode.
 */
export const Override = z.object({
  guard: OverridableGuard,
  group: z.string(),
  /** The incident it is for; null: every one while it stands. */
  incidentId: z.string().nullable(),
  expectedPrimary: Side,
  /** The most that may be lost, where the guard is about a loss that is known. */
  lossAtMostMs: z.number().int().nonnegative().nullable(),
  reason: z.string(),
  actor: Actor,
  madeAt: Instant,
  expiresAt: Instant,
});
export type Override = z.infer<typeof Override>;

export const Pause = z.object({
  /** A group's name, or "*" for all of them. */
  scope: z.string(),
  reason: z.string(),
  owner: z.string(),
  pausedAt: Instant,
  expiresAt: Instant.nullable(),
});
export type Pause = z.infer<typeof Pause>;
