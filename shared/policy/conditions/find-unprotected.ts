import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, RECOVERING, type Seen, untold, WELL } from "./of-group.ts";

/** Have the roles changed, and has the primary not been seen followed since? What closes the guard is what is told. */
export function findUnprotected({ groups }: ConditionEvidence): readonly Finding[] {
  // As old as it was seen to be: a site that has just come may only not have asked the primary yet.
  return groups.map((of) => ofGroup(of, findIn(of)));
}

function findIn({ protection }: GroupEvidence): Seen {
  switch (protection.kind) {
    case "protected":
      return WELL;
    case "unprotected":
      return { ...RECOVERING, state: "bad", severity: "page" };
    case "unknown":
      return untold({ code: "role-change-unknown", values: { why: protection.because } });
    default:
      return protection satisfies never;
  }
}
