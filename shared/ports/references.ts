/**
 * What became of reaching something that is not ours: an answer, one that we do not trust or understand,
 * silence in a form that we know, or anything else, which says nothing.
 */
export type Reached = "ok" | "spoke" | "failed" | "unknown";

/** Reaches something that is not ours, only to tell a blind vantage from a lost primary. */
export interface References {
  reach(target: string, timeoutMs: number): Promise<Reached>;
}
