import { findWork } from "../evidence/primary-work.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, type Seen, WELL } from "./of-group.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Has somebody's operation on the primary not been seen to end for a day? Until it has, a loss is asked about. */
export function findUnended({ groups }: ConditionEvidence, now: number): readonly Finding[] {
  return groups.map((of) => ofGroup(of, findIn(of, now)));
}

function findIn({ primaryWork }: GroupEvidence, now: number): Seen {
  const work = findWork({ primaryWork, activity: [], primary: null });
  if (work === null || now - work.beganAt < DAY_MS) return WELL;
  const values = { operation: work.said, beganAt: work.beganAt };
  return { state: "bad", severity: "notice", because: { code: "end-unknown", values } };
}
