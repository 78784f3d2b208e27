import type { LookResult } from "../../domain/observation.ts";
import { quorumOf } from "../../domain/policy.ts";
import { isBelowFloor } from "../evidence/application.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, type Seen, untold, WELL } from "./of-group.ts";

/** So many of the last five minutes must tell the same. */
const MINUTES_LEAST = 3;
const RECENT_MS = 5.5 * 60_000;

const ANSWERED: readonly LookResult[] = ["writes", "alive"];

/**
 * Has the application been below its floor in three of five minutes? What fails together with its primary says nothing of
 * the application: that is for a majority to see, and no single look hides it. That the database is well is said only
 * where a majority is answered.
 */
export function findApplicationFailing(
  { groups }: ConditionEvidence,
  now: number,
): readonly Finding[] {
  return groups
    .filter(({ policy }) => policy.applicationFloor !== null)
    .map((of) => ofGroup(of, findIn(of, now)));
}

function findIn({ application, outages, sights, policy }: GroupEvidence, now: number): Seen {
  const known = application.filter(
    ({ at, beganAt, ratio }) =>
      ratio !== null &&
      now - at < RECENT_MS &&
      !outages.some(({ onsetAt, endedAt }) => onsetAt < at && endedAt > beganAt),
  );
  const failing = known.filter(({ ratio }) => isBelowFloor(ratio, policy));
  if (failing.length >= MINUTES_LEAST) {
    const ratio = failing.at(-1)?.ratio ?? null;
    const answered = sights.filter((sight) => ANSWERED.includes(sight?.result ?? "blind"));
    const because = {
      code: answered.length < quorumOf(policy) ? "application-unseen" : "application-fails",
      values: { ratio, floor: policy.applicationFloor },
    };
    return { state: "bad", severity: "page", because };
  }
  return known.length - failing.length >= MINUTES_LEAST
    ? WELL
    : untold({ code: "application-unread", values: {} });
}
