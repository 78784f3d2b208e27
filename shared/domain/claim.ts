import * as z from "zod";
import { Side } from "./group.ts";
import { FailoverKind } from "./purpose.ts";
import { Instant } from "./units.ts";

/** What ended a claim. */
const SpentBecause = z.enum([
  "moved",
  "undone",
  "refused",
  "ended-in-error",
  "not-sent",
  "paused",
  "expired",
  "reconciled-not-moved",
  "roles-moved-by-other",
]);
export type SpentBecause = z.infer<typeof SpentBecause>;

/** A request of ours that has no definite answer: it may still take effect, and then it was ours. */
export const Doubt = z.object({
  incidentId: z.string(),
  decisionId: z.string(),
  rule: z.string(),
  actor: z.string(),
  kind: FailoverKind,
  takenAt: Instant,
  sentAt: Instant.nullable(),
  acceptedAt: Instant.nullable(),
  /** When it had been quiet for long enough to send another. */
  sinceAt: Instant,
  /** How often a later request was answered that something runs already. */
  renewals: z.number().int().nonnegative(),
});
export type Doubt = z.infer<typeof Doubt>;

/** For so long a role change is booked on what was sent without a definite answer. */
export const DOUBT_MS = 60 * 60_000;

/**
 * The fence for one POST. One row per group in the store of the region failed over to; a new claim
 * replaces the row under its ETag, and only when the one before is spent.
 */
export const Claim = z.object({
  group: z.string(),
  epoch: z.number().int().positive(),
  incidentId: z.string(),
  decisionId: z.string(),
  /** By which rule and for whom: the audit of all that becomes of it says so. */
  rule: z.string(),
  actor: z.string(),
  kind: FailoverKind,
  expectedPrimary: Side,
  target: Side,
  /** The site that holds it. */
  holder: z.string(),
  /** The POST must have been sent before this instant. */
  notAfter: Instant,
  state: z.enum(["intent", "sent", "spent"]),
  takenAt: Instant,
  sentAt: Instant.nullable(),
  /** Azure answered 2xx. */
  acceptedAt: Instant.nullable(),
  spentAt: Instant.nullable(),
  spentBecause: SpentBecause.nullable(),
  /** Azure's code, where it refused or the operation failed. */
  code: z.string().nullable(),
  /** Azure asked to wait, or repeating it at once would change nothing: no next claim before. */
  retryNotBefore: Instant.nullable(),
  /** Signed and secret: used byte for byte, never logged. */
  ticket: z.string().nullable(),
  /** Since when the target side has answered that roles have not moved and nothing runs. */
  quietSinceAt: Instant.nullable(),
  /** By whose clock: another site begins anew. */
  quietBy: z.string().nullable().default(null),
  /** The newest request without a definite answer: this one, or one before it. */
  doubt: Doubt.nullable().default(null),
  /** How often the quiet time was begun anew because a later request was answered with busy. */
  renewals: z.number().int().nonnegative().default(0),
  /** When people and hooks were told that it is about to fail over, of the same incident; null in rows of before. */
  announcedAt: Instant.nullable().default(null),
  /** Requests of the same incident that were refused, or had no effect, one after the other, this one included. */
  refusals: z.number().int().nonnegative().default(0),
  /** The roles have moved by it; its receipt, its messages and the way home are still to be written. */
  owed: z.boolean().default(false),
});
export type Claim = z.infer<typeof Claim>;

/** As long as Azure may ask us to wait. */
const WAIT_MAX_MS = 10 * 60_000;

/** Was the last request refused so lately that another would come too soon? */
export function retriesTooSoon({ retryNotBefore }: Claim, now: number): boolean {
  const waitMs = (retryNotBefore ?? now) - now;
  // Nobody is asked to wait longer: then it was said by another site's clock.
  return waitMs > 0 && waitMs <= WAIT_MAX_MS;
}
