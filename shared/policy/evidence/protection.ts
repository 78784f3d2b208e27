import type { GroupState } from "../../domain/facts.ts";

/** Does the side that is secondary now follow? */
export function isFollowed(state: GroupState): boolean {
  return (
    state.kind === "read" &&
    state.targetRole === "secondary" &&
    /catch_?up|synchroni[sz]/i.test(state.replicationState)
  );
}
