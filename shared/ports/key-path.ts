import type { Instance } from "../domain/group.ts";

export type KeyAnswer =
  /** Service-managed keys need no vault. */
  | { readonly kind: "not-needed" }
  | { readonly kind: "proven" }
  | { readonly kind: "denied"; readonly code: string }
  | { readonly kind: "unknown"; readonly because: string };

export type KeyCheck =
  /** The instance has spoken, even if it only said that it does not know. */
  | { readonly kind: "answered"; readonly answer: KeyAnswer }
  /** Nobody answered for the instance: an earlier proof stands. */
  | { readonly kind: "unanswered"; readonly because: string }
  /** `pollUrl` is signed: keep it, never log it. */
  | { readonly kind: "running"; readonly pollUrl: string; readonly retryAfterMs: number };

/** The instance's own answer to "can you reach your key?". Changes nothing; may run for a while. */
export interface KeyPath {
  start(instance: Instance): Promise<KeyCheck>;
  poll(instance: Instance, pollUrl: string): Promise<KeyCheck>;
}
