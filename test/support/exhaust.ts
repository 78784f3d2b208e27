import type { Decision } from "../../shared/domain/decision.ts";
import type { Judgement } from "../../shared/policy/evidence/judge-observations.ts";
import { decideFailback, FAILBACK_TABLES } from "../../shared/policy/rules/decide-failback.ts";
import { decideFailover, FAILOVER_TABLES } from "../../shared/policy/rules/decide-failover.ts";
import type { FailbackCase } from "../../shared/policy/rules/failback-rules.ts";
import type { Tables } from "../../shared/policy/rules/rule.ts";
import {
  type Check,
  checkDecision,
  checkFailback,
} from "../../shared/policy/second-opinion/check-decision.ts";
import { deviationsOf, type Point, type Slice, walk } from "./fact-space.ts";
import { LAWS_OF_ACTING } from "./laws/laws-of-acting.ts";
import { LAWS_OF_ASKING } from "./laws/laws-of-asking.ts";
import { LAWS_OF_GUARDS } from "./laws/laws-of-guards.ts";
import { type Law, type Seen, type Tally, tallyOf } from "./laws/seen.ts";

/** The tables of both directions. */
export interface BothTables {
  readonly failover: Tables;
  readonly failback: Tables<FailbackCase>;
}

export const TABLES: BothTables = { failover: FAILOVER_TABLES, failback: FAILBACK_TABLES };

export const LAWS: readonly Law[] = [...LAWS_OF_ACTING, ...LAWS_OF_ASKING, ...LAWS_OF_GUARDS];

export interface Found {
  readonly slice: string;
  readonly deviations: readonly string[];
  readonly rule: string;
  readonly broken: string;
}

export interface Run {
  readonly points: number;
  readonly acts: number;
  readonly found: Found | null;
}

/** What somebody says against a decision; null if nothing. */
export type Watch = (seen: Seen) => string | null;

/** Every law, read by hand. */
export const byLaws =
  (laws: readonly Law[]): Watch =>
  (seen) => {
    for (const law of laws) if (law.broken(seen)) return `${law.id}: ${law.says}`;
    return null;
  };

/** The check that the product itself makes. */
export const byCheck: Watch = ({ decision, facts, failback, policy, purpose }) => {
  const check: Check =
    purpose === "fail-over"
      ? checkDecision(decision, facts, policy)
      : checkFailback(decision, failback, policy);
  return check.kind === "sound" ? null : `${check.invariant}: ${check.because}`;
};

/** Decides at every point by the rules alone, and stops at the first that anybody finds wrong. */
export function exhaust(
  slice: Slice,
  tables: BothTables,
  watches: readonly Watch[],
  deviationsMax?: number,
): Run {
  let judged: Judgement | null = null;
  let tally: Tally = {
    fresh: 0,
    downMajority: false,
    upMajority: false,
    life: false,
    refuses: false,
  };
  let found: Found | null = null;
  let acts = 0;
  const visit = (point: Point): "go-on" | "stop" => {
    const { facts, failback, policy, judgement } = point;
    const decision = decideAt(point, tables);
    if (judgement !== judged) tally = tallyOf(facts, policy);
    judged = judgement;
    const { purpose } = slice;
    const seen: Seen = { purpose, facts, failback, policy, decision, tally };
    if (decision.verdict === "fail-over") acts += 1;
    for (const watch of watches) {
      const broken = watch(seen);
      if (broken === null) continue;
      found = { slice: slice.name, deviations: deviationsOf(point), rule: decision.rule, broken };
      return "stop";
    }
    return "go-on";
  };
  const points = walk(slice, visit, deviationsMax);
  return { points, acts, found };
}

function decideAt({ slice, facts, failback, judgement, policy }: Point, t: BothTables): Decision {
  return slice.purpose === "fail-over"
    ? decideFailover(facts, judgement, policy, t.failover)
    : decideFailback(failback, judgement, policy, t.failback);
}
