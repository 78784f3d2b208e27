import { judgeSecondary } from "../evidence/judge-secondary.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, RECOVERING, type Seen, untold, WELL } from "./of-group.ts";

/** Could nobody fail over to the secondary, because it answers no SQL or is not ready? */
export function findSecondaryDown({ groups }: ConditionEvidence): readonly Finding[] {
  return groups.map((of) => ofGroup(of, findIn(of)));
}

function findIn(of: GroupEvidence): Seen {
  const { sights, secondaryState, isRecovering } = of;
  if (isRecovering) return RECOVERING;
  const sql = judgeSecondary(sights.map((sight) => sight?.secondary ?? null));
  if (sql === "silent") {
    const because = { code: "secondary-not-answering", values: { sql } };
    return { state: "bad", severity: "page", because };
  }
  if (secondaryState.kind === "not-ready") {
    const because = { code: "secondary-not-ready", values: { state: secondaryState.said } };
    return { state: "bad", severity: "notice", because };
  }
  if (sql === "answers") return WELL;
  return untold({ code: "secondary-not-answering", values: { sql } });
}
