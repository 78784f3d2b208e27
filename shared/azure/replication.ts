import type { Replication } from "../domain/replication.ts";
import { azureWord } from "./presentable.ts";

/** Recorded, documented or shown by the portal. Spelled without case, spaces and underscores. */
const KINDS: ReadonlyMap<string, Replication["kind"]> = new Map([
  ["catchup", "following"],
  ["synchronizing", "following"],
  ["seeding", "seeding"],
  ["pending", "pending"],
  ["suspended", "suspended"],
  ["failoverinprogress", "moving"],
  ["failingover", "moving"],
]);

/** What Azure's word for the state of the link means. It is a free text: no word but a known one is trusted. */
export function replicationOf(word: string | null): Replication {
  const kind = KINDS.get((word ?? "").toLowerCase().replaceAll(/[\s_]/g, "")) ?? "other";
  return { kind, said: azureWord(word) ?? "no word" };
}
