import type { Decision } from "../../domain/decision.ts";

const OBSERVED: readonly string[] = ["observe", "long-trouble-observed"];

/** Does this rule hold because of the mode alone? */
export function isHeldByMode({ rule }: Pick<Decision, "rule">): boolean {
  return OBSERVED.includes(rule);
}
