import type { Facts, GroupState } from "../../domain/facts.ts";

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

/** Has the group been seen followed since its roles last changed? Unknown where nobody knows when they did. */
export type Protection =
  | { readonly kind: "protected" }
  | { readonly kind: "unprotected"; readonly sinceAt: number }
  | { readonly kind: "unknown"; readonly because: string };

type RoleChanges = Pick<Facts, "lastRoleChange" | "activity">;

/** When the roles last changed as far as anybody knows, by whomever: the log may know of a change there and back. */
export function lastChangedAt({ lastRoleChange, activity }: RoleChanges): number | null {
  const logged = activity.flatMap(({ what, ended }) =>
    what === "failover" && ended?.how === "well" ? [ended.at] : [],
  );
  const known = lastRoleChange.kind === "known" ? [lastRoleChange.at] : [];
  const changes = [...known, ...logged];
  return changes.length === 0 ? null : Math.max(...changes);
}

/** The same for the guard and for the condition. What was seen in the future was not seen: clocks are set back. */
export function judgeProtection({
  now,
  followedAt,
  ...changes
}: RoleChanges & Pick<Facts, "now" | "followedAt">): Protection {
  if (changes.lastRoleChange.kind === "unknown") return changes.lastRoleChange;
  const sinceAt = lastChangedAt(changes);
  const isSeen = followedAt !== null && followedAt <= now && followedAt >= (sinceAt ?? followedAt);
  return sinceAt === null || isSeen ? { kind: "protected" } : { kind: "unprotected", sinceAt };
}
