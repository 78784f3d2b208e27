/** `unknown`: the check could not be made. It is never counted as `ok`. */
export type State = "ok" | "wrong" | "unknown";

/** What came of one check. */
export interface Said {
  readonly state: State;
  readonly says: string;
  /** What to do about it; null where there is nothing to do. */
  readonly next: string | null;
}

export interface Finding extends Said {
  readonly check: string;
  /** What was checked: a side, a site, the group. */
  readonly subject: string;
}

/** One check of one subject. It may fail or take too long: that is what `unknown` is for. */
export interface Question {
  readonly check: string;
  readonly subject: string;
  readonly ask: () => Promise<Said>;
  /** Where the usual deadline is too short. */
  readonly withinMs?: number;
}

export function ok(says: string): Said {
  return { state: "ok", says, next: null };
}

export function wrong(says: string, next: string): Said {
  return { state: "wrong", says, next };
}

export function unknown(says: string, next: string): Said {
  return { state: "unknown", says, next };
}

/** The worst of several, each told; `ok` only where there is at least one and all of them are. */
export function worstOf(all: readonly Said[]): Said {
  const first = (state: State): Said | undefined => all.find((said) => said.state === state);
  const worst = first("wrong") ?? first("unknown");
  if (worst === undefined && all.length === 0) return unknown("nothing was read", "run it again");
  const shown = all.filter((said) => worst === undefined || said.state === worst.state);
  return {
    state: worst?.state ?? "ok",
    says: [...new Set(shown.map(({ says }) => says))].join("; "),
    next: worst?.next ?? null,
  };
}
