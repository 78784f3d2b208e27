/** Reaches something that is not ours, only to tell a blind vantage from a lost primary. */
export interface References {
  reach(target: string, timeoutMs: number): Promise<"ok" | "failed">;
}
