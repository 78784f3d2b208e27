import { judgeSecondary } from "../evidence/judge-secondary.ts";
import { isBad } from "../evidence/suspicion.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, RECOVERING, type Seen, untold, WELL } from "./of-group.ts";

/** Does nothing flow to the secondary? Where one of the two is down that is what is told. */
export function findSuspended({ groups }: ConditionEvidence): readonly Finding[] {
  return groups.map((of) => ofGroup(of, findIn(of)));
}

function findIn({ replication, looks, sights, isRecovering }: GroupEvidence): Seen {
  if (isRecovering) return RECOVERING;
  const newest = looks.at(-1);
  const secondary = judgeSecondary(sights.map((sight) => sight?.secondary ?? null));
  const oneIsDown = secondary === "silent" || (newest !== undefined && isBad(newest));
  if (replication === null || oneIsDown) return untold({ code: "replication-untold", values: {} });
  if (replication.kind !== "suspended") return WELL;
  const because = { code: "replication-suspended", values: { state: replication.said } };
  return { state: "bad", severity: "page", because };
}
