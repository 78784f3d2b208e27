/** One line of a run's timeline. */
export interface Entry {
  readonly at: number;
  /** What the app says and does, or what is true in the simulated world whatever it says. */
  readonly voice: "app" | "world";
  /** A site's name; "world" for the truth. */
  readonly where: string;
  readonly event: string;
  readonly verdict: string | null;
  readonly rule: string | null;
  /** Why it waits, and what would stop it. */
  readonly notes: readonly string[];
}

export function appEntry(
  at: number,
  where: string,
  event: string,
  decided: Partial<Pick<Entry, "verdict" | "rule" | "notes">> = {},
): Entry {
  return { at, voice: "app", where, event, verdict: null, rule: null, notes: [], ...decided };
}

export function worldEntry(at: number, event: string): Entry {
  return { at, voice: "world", where: "world", event, verdict: null, rule: null, notes: [] };
}
