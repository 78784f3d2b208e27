// Every activity that orchestrations use: its name, what goes in, what comes out.
// Names are what the Functions host knows; an unknown one would hang an instance for ever.

import * as z from "zod";
import { Verdict } from "../shared/domain/decision.ts";
import { EventType } from "../shared/domain/event.ts";
import { Side } from "../shared/domain/group.ts";
import { IncidentEnd } from "../shared/domain/incident.ts";
import { Question } from "../shared/domain/person.ts";
import { FailoverKind, Purpose } from "../shared/domain/purpose.ts";

export interface Activity<I, O> {
  readonly name: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
}

function activity<I, O>(name: string, input: z.ZodType<I>, output: z.ZodType<O>): Activity<I, O> {
  return { name, input, output };
}

/** Work for one incident or failback by one generation of its motor. */
export const Work = z.object({
  group: z.string(),
  purpose: Purpose,
  incidentId: z.string(),
  motor: z.number().int(),
});
export type Work = z.infer<typeof Work>;

/** The motor was replaced, or what it worked on is over: end without a trace. */
const Superseded = z.object({ kind: z.literal("superseded") });

export const Action = z.object({
  kind: FailoverKind,
  expectedPrimary: Side,
  target: Side,
});
export type Action = z.infer<typeof Action>;

/**
 * One event to be sent. `key` tells it from others of its type within one incident: of a page it is what the page is
 * about, and who is told of that again, and when, is for whoever sends it.
 */
export const Announcement = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ask"),
    /** Of this sending; `askKey` stays that of the first one. */
    key: z.string(),
    askKey: z.string(),
    urgent: z.boolean(),
    question: Question,
  }),
  z.object({ type: EventType.exclude(["ask"]), key: z.string(), urgent: z.boolean() }),
]);
export type Announcement = z.infer<typeof Announcement>;

export const LookAndDecideOutput = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("decided"),
    decisionId: z.string(),
    verdict: Verdict,
    rule: z.string(),
    /** Set if and only if the verdict is to act. */
    action: Action.nullable(),
    /** The world has settled the matter: nothing is left to decide. */
    settled: IncidentEnd.nullable(),
    /** Somebody has to hear of this decision; null when they have. */
    announce: Announcement.nullable(),
    nextLookAfterMs: z.number().int(),
  }),
  /** A claim of this work may be under way, or its end is not written down yet: that comes first. */
  z.object({ kind: z.literal("follow"), epoch: z.number().int() }),
  Superseded,
]);
export type LookAndDecideOutput = z.infer<typeof LookAndDecideOutput>;

/** A look that ended in a decision, and what it asks for. */
export type DecidedLook = Extract<LookAndDecideOutput, { kind: "decided" }>;

export const lookAndDecide = activity("LookAndDecide", Work, LookAndDecideOutput);

/** What had to be written before the request took so long that its decision is too old: nothing was sent. */
const TooLate = z.object({ kind: z.literal("too-late") });

export const takeClaim = activity(
  "TakeClaim",
  Work.extend({ decisionId: z.string(), action: Action }),
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("taken"), epoch: z.number().int() }),
    z.object({ kind: z.literal("refused"), because: z.string() }),
    TooLate,
    Superseded,
  ]),
);

const ClaimWork = Work.extend({ epoch: z.number().int() });

export const postFailover = activity(
  "PostFailover",
  ClaimWork,
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("sent"), pollAfterMs: z.number().int() }),
    /** Nothing was started; the claim is spent. Trying again needs a new decision. */
    z.object({ kind: z.literal("refused"), code: z.string() }),
    /** The claim was dead or somebody else's, or something is in the way: nothing was sent. */
    z.object({ kind: z.literal("not-sent"), because: z.string() }),
    TooLate,
    Superseded,
  ]),
);

/** What following a sent claim has come to. */
export const pollOperation = activity(
  "PollOperation",
  ClaimWork,
  z.discriminatedUnion("kind", [
    /** `slow`: it has run for longer than it should; the number tells one alarm from the next. */
    z.object({
      kind: z.literal("running"),
      pollAfterMs: z.number().int(),
      slow: z.number().int().nullable(),
    }),
    z.object({ kind: z.literal("moved") }),
    z.object({ kind: z.literal("ended"), code: z.string() }),
    z.object({ kind: z.literal("not-moved") }),
    z.object({ kind: z.literal("spent-already"), because: z.string() }),
    Superseded,
  ]),
);

export const verify = activity(
  "Verify",
  ClaimWork,
  z.discriminatedUnion("kind", [
    /** `isPrimary`: the target's own region says so; null where it does not say. */
    z.object({
      kind: z.literal("looked"),
      verified: z.boolean(),
      isPrimary: z.literal(true).nullable().default(null),
    }),
    /** The roles are as they were before: the target's own region says so. */
    z.object({ kind: z.literal("undone") }),
    Superseded,
  ]),
);

/** What is written down for good: the outcome of a failover, and how an incident or failback ended. */
export const record = activity(
  "Record",
  Work.extend({
    entry: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("failed-over"), epoch: z.number().int(), verified: z.boolean() }),
      z.object({ kind: z.literal("undone"), epoch: z.number().int() }),
      z.object({ kind: z.literal("closed"), end: IncidentEnd, rule: z.string().nullable() }),
    ]),
  }),
  z.object({ kind: z.literal("recorded") }),
);

export const notify = activity(
  "Notify",
  Work.extend({ announcement: Announcement }),
  z.object({ kind: z.enum(["sent", "logged", "failed", "told-already"]) }),
);

/** Everything the composition root has to register, so that no orchestration can name what is not there. */
export const ACTIVITIES = [
  lookAndDecide,
  takeClaim,
  postFailover,
  pollOperation,
  verify,
  record,
  notify,
] as const;

/** Durable names of the orchestrations. */
export const ORCHESTRATION = { incident: "Incident", failBack: "FailBack" } as const;

/** One durable instance per generation of a motor. */
export function motorId(work: Work): string {
  return `${work.purpose}-${work.incidentId}-${work.motor}`;
}

/** What `status` shows of a motor. */
export interface MotorStatus {
  readonly phase:
    | "looking"
    | "waiting"
    | "claiming"
    | "posting"
    | "following"
    | "verifying"
    | "closing";
  /** ISO 8601. */
  readonly sinceAt: string;
  readonly rule: string | null;
  readonly verdict: string | null;
  readonly next: { readonly step: string; readonly at: string };
}
