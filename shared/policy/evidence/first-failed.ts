import type { Facts } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";

/**
 * Start of the first failed look at the current primary since the last sign of life: the onset, once
 * a majority agrees. Vantages look at their own pace, so the first of them may have been alone with
 * what it saw for a while. No further back than the grace: a longer gap starts over.
 */
export function firstFailed(
  { looks, primary, now }: Pick<Facts, "looks" | "primary" | "now">,
  lastLifeAt: number | null,
  policy: Pick<Policy, "graceMs">,
): number | null {
  const since = Math.max(lastLifeAt ?? Number.NEGATIVE_INFINITY, now - policy.graceMs);
  const failed = looks.filter(
    ({ target, result, startedAt, endedAt }) =>
      target === primary &&
      (result === "no-answer" || result === "not-serving") &&
      startedAt > since &&
      endedAt <= now,
  );
  return failed.length === 0 ? null : Math.min(...failed.map((look) => look.startedAt));
}

/** The same, since the last look that was answered, whatever else has shown life. */
export function firstFailedLook(
  facts: Pick<Facts, "looks" | "primary" | "now">,
  policy: Pick<Policy, "graceMs">,
): number | null {
  const answered = facts.looks.filter(
    ({ target, result }) => target === facts.primary && (result === "writes" || result === "alive"),
  );
  return firstFailed(facts, Math.max(...answered.map((look) => look.startedAt)), policy);
}
