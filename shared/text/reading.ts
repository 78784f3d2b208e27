/** What became of one text: a value, or why it is refused and what to write instead. */
export type Reading<T> = { readonly kind: "ok"; readonly value: T } | Refusal;

export interface Refusal {
  readonly kind: "refused";
  /** Names the check. */
  readonly because: string;
  /** Completes "<path> …", without the value at hand. */
  readonly what: string;
  /** Completes "write …". */
  readonly write: string;
}

/** What was read. */
export function ok<T>(value: T): Reading<T> {
  return { kind: "ok", value };
}

/** Why it was not read: the name of the check, what is wrong, and what to write. */
export function refused(because: string, what: string, write: string): Refusal {
  return { kind: "refused", because, what, write };
}
