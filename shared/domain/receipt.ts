import * as z from "zod";
import { Decision } from "./decision.ts";
import { Facts, FailbackFacts } from "./facts.ts";
import { Phases } from "./incident.ts";
import { LossBound } from "./loss.ts";
import { Policy } from "./policy.ts";
import { FailoverKind } from "./purpose.ts";
import { Instant } from "./units.ts";

/** How home and the road there looked: what deciding on the way home needs beside the facts. */
export const Homeward = FailbackFacts.omit({ version: true, base: true });
export type Homeward = z.infer<typeof Homeward>;

const Named = z.object({ name: z.string(), region: z.string() });

const decided = {
  kind: z.literal("decision"),
  version: z.literal(1),
  product: z.string(),
  id: z.string(),
  writtenAt: Instant,
  policyDigest: z.string(),
  policy: Policy,
  /** What the sides are called; receipts of before do not say. */
  sides: z.object({ home: Named, partner: Named }).nullable().default(null),
  facts: Facts,
  decision: Decision,
};

const OutwardReceipt = z.object({
  ...decided,
  purpose: z.literal("fail-over"),
  homeward: z.null(),
});

const HomewardReceipt = z.object({
  ...decided,
  purpose: z.literal("fail-back"),
  homeward: Homeward,
});

/** A decision written down so that anyone can make it again. */
export const DecisionReceipt = z.discriminatedUnion("purpose", [OutwardReceipt, HomewardReceipt]);
export type DecisionReceipt = z.infer<typeof DecisionReceipt>;

type Part<R extends DecisionReceipt> = Pick<R, "purpose" | "facts" | "homeward" | "decision">;
/** What was decided, about what, on which facts. */
export type Decided = Part<z.infer<typeof OutwardReceipt>> | Part<z.infer<typeof HomewardReceipt>>;

/** What a failover cost: time per phase, and the loss as an interval. */
export const FailoverReceipt = z.object({
  kind: z.literal("failover"),
  version: z.literal(1),
  product: z.string(),
  id: z.string(),
  writtenAt: Instant,
  incidentId: z.string(),
  failover: FailoverKind,
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
