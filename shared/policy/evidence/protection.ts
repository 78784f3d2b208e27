import type { GroupState } from "../../domain/facts.ts";

/** The group as the region of either side shows it. */
export interface BothViews {
  readonly byPrimary: GroupState;
  readonly bySecondary: GroupState;
}

/**
 * Does the secondary follow? The primary has to say so: right after a forced failover the other side
 * already calls itself caught up while the primary says that the link is suspended.
 */
export function isFollowed({ byPrimary, bySecondary }: BothViews): boolean {
  return saysFollowing(byPrimary, "primary") && saysFollowing(bySecondary, "secondary");
}

function saysFollowing(view: GroupState, role: "primary" | "secondary"): boolean {
  return view.kind === "read" && view.targetRole === role && view.replication.kind === "following";
}
