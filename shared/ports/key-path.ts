import type { KeyDoubt } from "../domain/facts.ts";
import type { Instance } from "../domain/group.ts";

export type KeyAnswer =
  /** Service-managed keys need no vault. */
  | { readonly kind: "not-needed" }
  | { readonly kind: "proven" }
  | { readonly kind: "denied"; readonly code: string }
  | { readonly kind: "unknown"; readonly reason: KeyDoubt; readonly because: string };

export type KeyCheck =
  /** The instance has spoken, even if it only said that it does not know. */
  | { readonly kind: "answered"; readonly answer: KeyAnswer }
  /** Nobody answered for the instance: an earlier proof stands. */
  | { readonly kind: "unanswered"; readonly because: string }
  /** `ticket` is what `poll` asks by, and secret: keep it, never log it. */
  | { readonly kind: "running"; readonly ticket: string; readonly retryAfterMs: number };

/** The instance's own answer to "can you reach your key?". Changes nothing; may run for a while. */
export interface KeyPath {
  start(instance: Instance): Promise<KeyCheck>;
  poll(instance: Instance, ticket: string): Promise<KeyCheck>;
}
