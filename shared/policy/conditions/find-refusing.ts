import { STORAGE_CODES } from "../evidence/judge-look.ts";
import { findRefusal } from "../evidence/sights.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";
import { ofGroup, type Seen, untold, WELL } from "./of-group.ts";

/** Does a primary that lives refuse most of those who look? What is refused of the canary alone is another matter. */
export function findRefusing({ groups }: ConditionEvidence): readonly Finding[] {
  return groups.map((of) => ofGroup(of, findIn(of, "primary")));
}

/** Do most of those who look log in, and find no canary that they may write to? */
export function findCanaryBlind({ groups }: ConditionEvidence): readonly Finding[] {
  return groups.map((of) => ofGroup(of, findIn(of, "canary")));
}

function findIn({ sights, policy }: GroupEvidence, what: "primary" | "canary"): Seen {
  const refusal = findRefusal(sights, policy);
  switch (refusal.kind) {
    case "primary":
    case "canary": {
      if (refusal.kind !== what) return WELL;
      const isStorage = refusal.codes.some((code) => STORAGE_CODES.includes(code));
      const values = { answers: refusal.codes.join(", ") };
      const because = { code: isStorage ? "storage-refuses" : "refused", values };
      return { state: "bad", severity: what === "primary" ? "page" : "notice", because };
    }
    case "unknown":
      return untold({ code: "too-few-see", values: {} });
    case "none":
      return WELL;
    default:
      return refusal satisfies never;
  }
}
