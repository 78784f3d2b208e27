import * as z from "zod";
import { Diagnosis } from "./diagnosis.ts";
import { GuardId, GuardStrength } from "./guard.ts";
import { FailoverKind } from "./purpose.ts";

export const Verdict = z.enum(["hold", "ask", "fail-over", "stand-down"]);
export type Verdict = z.infer<typeof Verdict>;

/** A reason is a code with its numbers, never prose to be parsed. */
export const Reason = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
});
export type Reason = z.infer<typeof Reason>;

export const GuardFinding = z.object({
  guard: GuardId,
  strength: GuardStrength,
  state: z.enum(["open", "closed", "lifted"]),
  because: Reason.nullable(),
});
export type GuardFinding = z.infer<typeof GuardFinding>;

/** Rule + verdict + diagnosis + because: a pure function of facts and policy. */
export const Decision = z.object({
  rule: z.string(),
  verdict: Verdict,
  diagnosis: Diagnosis,
  because: z.array(Reason),
  /** How to act, where the verdict is to act. */
  kind: FailoverKind.nullable(),
  guards: z.array(GuardFinding),
  /** What a hold waits on: what would have to change for another verdict. */
  waitingFor: z.array(Reason),
  /** Milliseconds left of the grace, null when no grace is running. */
  graceLeftMs: z.number().int().nullable(),
});
export type Decision = z.infer<typeof Decision>;
