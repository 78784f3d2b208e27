import type { Reason } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Judgement } from "../evidence/judge-observations.ts";

export interface GuardContext {
  readonly facts: Facts;
  readonly judgement: Judgement;
  readonly policy: Policy;
}

export interface GuardRow {
  readonly guard: GuardId;
  readonly says: string;
  /** Which kinds of failover it guards. */
  readonly guards: "every" | "forced";
  /** Why it is closed, with the numbers; null while it is open. */
  readonly closed: (context: GuardContext) => Reason | null;
}
