import * as z from "zod";

/** A condition that must hold before anything acts. Ids are API: operators name them in `accepts`. */
export const GuardId = z.enum([
  // Absolute: nobody lifts these.
  "quorum",
  "fresh-evidence",
  "claim-open",
  "claim-store",
  "no-token",
  "roles-known",
  "operation-in-progress",
  "seeding",
  "moving",
  "secondary-silent",
  "secondary-not-ready",
  "paused",
  "frozen",
  // Liftable: a named operator lifts them one by one, for one incident.
  "sign-of-life",
  "no-majority",
  "microsoft-managed",
  "replication-unclear",
  "secondary-unfit",
  "capacity-at-target",
  "key-unknown",
  "key-denied",
  "loss-unknown",
  "loss-over-budget",
  "cooldown",
  "unprotected",
  "changed-by-person",
  "operation-on-primary",
  "target-in-undo",
  "denied",
]);
export type GuardId = z.infer<typeof GuardId>;

/**
 * The guards that an operator may lift ahead, for as long as it takes. What is seen of the primary
 * is not among them: nobody knows ahead what will be seen; nor is a denial, which nobody has given yet.
 */
export const OverridableGuard = GuardId.extract([
  "microsoft-managed",
  "replication-unclear",
  "secondary-unfit",
  "capacity-at-target",
  "key-unknown",
  "key-denied",
  "loss-unknown",
  "loss-over-budget",
  "cooldown",
  "unprotected",
  "changed-by-person",
  "operation-on-primary",
  "target-in-undo",
]);

export const GuardStrength = z.enum(["absolute", "liftable"]);
