import * as z from "zod";
import { Decision } from "./decision.ts";
import { Facts, FailbackFacts } from "./facts.ts";
import { Phases } from "./incident.ts";
import { LossBound } from "./loss.ts";
import { Policy } from "./policy.ts";
import { Instant } from "./units.ts";

/** How home and the road there looked: what deciding on the way home needs beside the facts. */
export const Homeward = FailbackFacts.omit({ version: true, base: true });
export type Homeward = z.infer<typeof Homeward>;

const decided = {
  kind: z.literal("decision"),
  product: z.string(),
  id: z.string(),
  writtenAt: Instant,
  policyDigest: z.string(),
  policy: Policy,
  facts: Facts,
  decision: Decision,
};

/** Version 1 did not say what was decided about, and kept nothing of the road home. */
const DecisionReceiptV1 = z.object({ version: z.literal(1), ...decided });

const DecisionReceiptV2 = z.object({
  version: z.literal(2),
  ...decided,
  purpose: z.enum(["fail-over", "fail-back"]),
  /** Null where it was not about going home, or where version 1 did not keep it. */
  homeward: Homeward.nullable(),
});

/** A decision written down so that anyone can make it again. Every version ever written is read. */
export const DecisionReceipt = z.discriminatedUnion("version", [
  DecisionReceiptV1.transform(fromV1),
  DecisionReceiptV2,
]);
export type DecisionReceipt = z.infer<typeof DecisionReceipt>;

/** The id of the work ends in `-home` after a failover of ours, in that of a call otherwise. */
const GOING_HOME = /-home$|-call-[0-9a-f]{32}$/;

function fromV1(v1: z.infer<typeof DecisionReceiptV1>): z.infer<typeof DecisionReceiptV2> {
  const purpose = GOING_HOME.test(v1.facts.incidentId) ? "fail-back" : "fail-over";
  return { ...v1, version: 2, purpose, homeward: null };
}

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
