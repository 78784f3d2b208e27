/** A site that has not ticked for this long, on our clock, is stood in for, and said to be silent. */
export const QUIET_MS = 60_000;
