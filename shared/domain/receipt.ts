import * as z from "zod";
import { Decision } from "./decision.ts";
import { Facts } from "./facts.ts";
import { Phases } from "./incident.ts";
import { LossBound } from "./loss.ts";
import { Policy } from "./policy.ts";
import { Instant } from "./units.ts";

/** A decision written down so that anyone can make it again. */
export const DecisionReceipt = z.object({
  kind: z.literal("decision"),
  version: z.literal(1),
  product: z.string(),
  id: z.string(),
  writtenAt: Instant,
  policyDigest: z.string(),
  policy: Policy,
  facts: Facts,
  decision: Decision,
});
export type DecisionReceipt = z.infer<typeof DecisionReceipt>;

/** What a failover cost: time per phase, and the loss as an interval. */
export const FailoverReceipt = z.object({
  kind: z.literal("failover"),
  version: z.literal(1),
  product: z.string(),
  id: z.string(),
  writtenAt: Instant,
  incidentId: z.string(),
  failover: z.enum(["planned", "forced"]),
  newPrimary: z.string(),
  phases: Phases,
  bound: LossBound,
  loss: z.object({
    atLeastSeconds: z.number().nonnegative(),
    /** Null: unknown. */
    atMostSeconds: z.number().nonnegative().nullable(),
    /** How finely it could be measured. */
    resolutionSeconds: z.number().nonnegative(),
  }),
});
export type FailoverReceipt = z.infer<typeof FailoverReceipt>;

export const Receipt = z.discriminatedUnion("kind", [DecisionReceipt, FailoverReceipt]);
export type Receipt = z.infer<typeof Receipt>;
