import type { Decision, Reason } from "../../domain/decision.ts";

export const OBSERVED: readonly string[] = ["observe", "long-trouble-observed"];

/** Does this rule hold because of the mode alone? */
export function isHeldByMode({ rule }: Pick<Decision, "rule">): boolean {
  return OBSERVED.includes(rule);
}

export const WOULD_HAVE = "would-have";

/** What mode automatic would have made of it; null where the mode is not what holds. */
export function wouldHave({ because }: Pick<Decision, "because">): Reason | null {
  return because.find(({ code }) => code === WOULD_HAVE) ?? null;
}
