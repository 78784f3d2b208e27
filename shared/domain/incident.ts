import * as z from "zod";
import { Decision } from "./decision.ts";
import { Throttled } from "./facts.ts";
import { Side } from "./group.ts";
import { Heard } from "./heard.ts";
import { LossBound, Sample, SecondaryCommit } from "./loss.ts";
import { LookResult } from "./observation.ts";
import { Outage } from "./outage.ts";
import { PersonCall } from "./person.ts";
import { Instant } from "./units.ts";

/** When each phase of an incident was reached; null until it is. */
export const Phases = z.object({
  suspectedAt: Instant,
  onsetAt: Instant.nullable(),
  decidedAt: Instant.nullable(),
  postedAt: Instant.nullable(),
  acceptedAt: Instant.nullable(),
  movedAt: Instant.nullable(),
  verifiedAt: Instant.nullable(),
});
export type Phases = z.infer<typeof Phases>;

/** What every configured vantage saw of the primary at the last look, and what share of the application succeeded. */
export const Seen = z.object({
  /** Null: nothing fresh was heard of it. */
  looks: z.array(z.object({ vantage: z.string(), result: LookResult.nullable() })),
  /** Null: nothing tells, or it is too old. */
  applicationRatio: z.number().nullable(),
});
export type Seen = z.infer<typeof Seen>;

export const IncidentEnd = z.enum(["recovered", "failed-over", "stood-down", "not-confirmed"]);

/** From suspicion to closure. This row is the incident; the orchestration is only its motor. */
export const Incident = z.object({
  id: z.string(),
  group: z.string(),
  openedBy: z.string(),
  openedAt: Instant,
  expectedPrimary: Side,
  /** Generation of the motor that may work on it; activities of older ones change nothing. */
  motor: z.number().int().nonnegative(),
  motorSite: z.string().nullable(),
  heartbeatAt: Instant.nullable(),
  outage: Outage,
  /** Looks up to this instant are counted in `outage`; null before the first round. */
  countedUntilAt: Instant.nullable(),
  /** Samples as they stood at the onset: newer ones would be measured on a dead link. */
  samples: z.array(Sample),
  /** The secondary's newest commits at the last look, to see whether they still advance. */
  secondaryCommits: z.array(SecondaryCommit),
  loss: LossBound.nullable(),
  /** The bound as the site had it that ran the motor before: good while the same outage lasts. */
  carriedLoss: LossBound.nullable(),
  /** Null before the first look. */
  seen: Seen.nullable().default(null),
  decision: Decision.nullable(),
  decisionId: z.string().nullable(),
  decidedAt: Instant.nullable(),
  /** What the last look had no answer to because too much was asked, and until when. */
  throttled: z.array(Throttled).default([]),
  heard: Heard.nullable().default(null),
  /** When the last receipt was written, and its id. */
  receiptAt: Instant.nullable(),
  receiptId: z.string().nullable(),
  call: PersonCall.nullable(),
  /** More than a suspicion: it was asked about, acted on, or lasted; rows of before do not say. */
  isConfirmed: z.boolean().default(false),
  /** Since when nothing is wrong any more; null while something is. */
  calmSinceAt: Instant.nullable(),
  /** When the last planned attempt of this incident ended in an error, with its code. */
  plannedEndedAt: Instant.nullable(),
  plannedEndedCode: z.string().nullable(),
  phases: Phases,
  closedAt: Instant.nullable(),
  end: IncidentEnd.nullable(),
});
export type Incident = z.infer<typeof Incident>;
