import type { Reason } from "../../domain/decision.ts";
import type { Finding, GroupEvidence } from "./condition-row.ts";

export type Seen = Pick<Finding, "state" | "severity" | "because">;

export const WELL: Seen = { state: "ok", severity: null, because: null };

/** Nobody can tell whether it is bad. */
export function untold(because: Reason): Seen {
  return { state: "unknown", severity: null, because };
}

/** Lost with its region, or copied anew: that is watched and told by itself until the group is protected again. */
export const RECOVERING: Seen = untold({ code: "not-protected-yet", values: {} });

/** The finding of a condition that a group has once. */
export function ofGroup({ group, leads }: GroupEvidence, seen: Seen): Finding {
  return { ...seen, group, subject: null, sinceAt: null, urgentSinceAt: null, leads };
}
