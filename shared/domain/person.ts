import * as z from "zod";
import { Diagnosis } from "./diagnosis.ts";
import { Side } from "./group.ts";
import { GuardId } from "./guard.ts";
import { Instant } from "./units.ts";

/** Who did it, and how sure we are of that. */
export const Actor = z.object({
  name: z.string(),
  proof: z.enum(["claimed", "authenticated"]),
});
export type Actor = z.infer<typeof Actor>;

/** A request for approval. Its token is used once; only hashes are kept, one for each time it was sent. */
export const Ask = z.object({
  id: z.string(),
  incidentId: z.string(),
  purpose: z.enum(["fail-over", "fail-back"]),
  expectedPrimary: Side,
  diagnosis: Diagnosis,
  /** The guards that an approval of this ask accepts. */
  guards: z.array(GuardId),
  /** Upper edge of the loss that the approver was told, null where it is unknown. */
  lossAtMostMs: z.number().int().nullable(),
  tokenHashes: z.array(z.string()),
  askedAt: Instant,
  expiresAt: Instant,
  answer: z.enum(["none", "approved", "denied", "withdrawn"]),
});
export type Ask = z.infer<typeof Ask>;

/** An approval is a fact, bound to what was asked; the same rules judge it against fresh facts. */
export const Approval = z.object({
  askId: z.string(),
  incidentId: z.string(),
  purpose: z.enum(["fail-over", "fail-back"]),
  expectedPrimary: Side,
  diagnosis: Diagnosis,
  guards: z.array(GuardId),
  lossAtMostMs: z.number().int().nullable(),
  actor: Actor,
  approvedAt: Instant,
  expiresAt: Instant,
});
export type Approval = z.infer<typeof Approval>;

/** A person's call to fail over or back. It replaces the grace, never the guards. */
export const PersonCall = z.object({
  id: z.string(),
  purpose: z.enum(["fail-over", "fail-back"]),
  kind: z.enum(["planned", "forced"]),
  accepts: z.array(GuardId),
  reason: z.string(),
  actor: Actor,
  calledAt: Instant,
  expiresAt: Instant,
});
export type PersonCall = z.infer<typeof PersonCall>;

export const Pause = z.object({
  /** A group's name, or "*" for all of them. */
  scope: z.string(),
  reason: z.string(),
  owner: z.string(),
  pausedAt: Instant,
  expiresAt: Instant.nullable(),
});
export type Pause = z.infer<typeof Pause>;
