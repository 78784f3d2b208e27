import { judgeSecondary } from "../evidence/judge-secondary.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, RECOVERING, type Seen, untold, WELL } from "./of-group.ts";

/** Has the secondary not lately proven that it reaches its key? Only the site that leads asks it. */
export function findKeyUnproven({ groups }: ConditionEvidence): readonly Finding[] {
  return groups.map((of) => ofGroup(of, findIn(of)));
}

function findIn({ keyPath, leads, silentStores, isRecovering, sights }: GroupEvidence): Seen {
  const secondary = judgeSecondary(sights.map((sight) => sight?.secondary ?? null));
  if (isRecovering) return RECOVERING;
  // One that is down proves nothing, and is told as that.
  const explained = secondary === "silent";
  switch (keyPath.kind) {
    case "proven":
    case "not-needed":
      return WELL;
    case "denied": {
      const because = { code: "key-denied", values: { answer: keyPath.code } };
      return { state: "bad", severity: explained ? null : "page", because };
    }
    case "unknown": {
      const because = { code: "key-unknown", values: { why: keyPath.because } };
      if (!leads || silentStores.length > 0) return untold(because);
      return { state: "bad", severity: explained ? null : "notice", because };
    }
    default:
      return keyPath satisfies never;
  }
}
