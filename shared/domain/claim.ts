import * as z from "zod";
import { Side } from "./group.ts";
import { FailoverKind } from "./purpose.ts";
import { Instant } from "./units.ts";

/** What ended a claim. */
const SpentBecause = z.enum([
  "moved",
  "refused",
  "ended-in-error",
  "not-sent",
  "paused",
  "expired",
  "reconciled-not-moved",
  "roles-moved-by-other",
]);
export type SpentBecause = z.infer<typeof SpentBecause>;

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
});
export type Claim = z.infer<typeof Claim>;
