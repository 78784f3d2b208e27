import type { GuardFinding, Reason, Verdict } from "../../domain/decision.ts";
import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { Facts } from "../../domain/facts.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { PersonCall } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { FailoverKind } from "../../domain/purpose.ts";
import type { Judgement } from "../evidence/judge-observations.ts";
import type { GuardTables } from "../guards/guards.ts";

/** All that a rule of either decide table may look at. */
export interface Case {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly judgement: Judgement;
  readonly diagnosis: Diagnosis;
  readonly kind: FailoverKind;
  readonly guards: readonly GuardFinding[];
  /** An approval that is bound to just this case. */
  readonly approved: boolean;
  readonly call: PersonCall | null;
}

/**
 * One row of a decide table. The id is API; the sentence is what `rules` prints. First match wins:
 * what the comment above a row says of its place, test/policy/order-of-rows.test.ts holds.
 */
export interface Rule<C extends Case = Case> {
  readonly id: string;
  readonly verdict: Verdict;
  readonly says: string;
  readonly when: (c: C) => boolean;
  readonly because: (c: C) => Reason[];
}

/** All that a decision is looked up in: the proof takes single rows away, to see who notices. */
export interface Tables<C extends Case = Case> {
  readonly rules: readonly Rule<C>[];
  readonly guards: GuardTables;
}

/** Whether this guard is closed. One that was lifted is not. */
export function isClosed({ guards }: Case, guard: GuardId): boolean {
  return guards.some((g) => g.guard === guard && g.state === "closed");
}

/** Whether any guard of this strength is closed. */
export function hasClosed({ guards }: Case, strength: "absolute" | "liftable"): boolean {
  return guards.some((g) => g.strength === strength && g.state === "closed");
}

/** The reasons of the guards that stand in the way, or of one of them, each with the guard's name. */
export function closedReasons({ guards }: Case, only?: GuardId): Reason[] {
  return guards.flatMap(({ guard, state, because }) =>
    state === "closed" && because !== null && guard === (only ?? guard)
      ? [{ code: because.code, values: { guard, ...because.values } }]
      : [],
  );
}

/** A reason by its code (docs/reasons.md), with the numbers that it names. */
export function reason(code: string, values: Reason["values"] = {}): Reason {
  return { code, values };
}

/** The reason that tells how many vantages vote down, and how many it takes. */
export function votes({ judgement: { down, needed } }: Case): Reason {
  return reason("votes", { down, needed });
}

/** The reason that tells how long the outage was seen, since when, and in how many rounds. */
export function outage({ facts }: Case): Reason {
  const { outageMs, onsetAt, rounds } = facts.outage;
  return reason("outage", { outageMs, onsetAt, rounds });
}

/** Reached only by a case that no rule foresaw. */
export const OTHERWISE: Rule = {
  id: "otherwise",
  verdict: "hold",
  says: "nothing above matched",
  when: () => true,
  because: (c) => [votes(c), reason("no-rule")],
};
