/** What a store says of one row. Nobody has to catch anything: what could not be read says why. */
export type Reading<T> =
  | { readonly kind: "read"; readonly value: T; readonly etag: string }
  | { readonly kind: "none" }
  /** It is there and cannot be understood, by this release or at all. */
  | { readonly kind: "unreadable"; readonly because: UnreadableBecause; readonly etag: string }
  /** The store of that site gives no answer. */
  | { readonly kind: "silent"; readonly site: string };

/** `newer`: by a newer release. `broken`: by no release that we know. */
export type UnreadableBecause = "newer" | "broken";

/** What it says, where not knowing comes to the same as there being nothing. */
export function valueOrNull<T>(reading: Reading<T>): T | null {
  return reading.kind === "read" ? reading.value : null;
}
