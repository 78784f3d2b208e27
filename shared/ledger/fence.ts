// What makes a pause more than a wish. The sender of a request reads the pauses, then takes its claim from
// `intent` to `sent`. Whoever pauses writes the pause, then spends the claim that it finds in `intent`. So
// the sender sees the pause, or it finds its claim spent, or the claim is `sent` already, and that is told.
// Where the claim is absent or spent nothing has to be moved: who takes the next one reads the pauses after.

import { type Claim, DOUBT_MS } from "../domain/claim.ts";
import type { Book } from "./book.ts";
import { newestClaim, spent } from "./claims.ts";
import { tryChange } from "./rows.ts";

/** Whether a request that was claimed before may still be carried out. */
export type Fenced = "clear" | "out" | "unknown";

/** Moves the fence of a group in one store, after a pause was written there. */
export async function moveFence(book: Book, at: number): Promise<Fenced> {
  const outcome = await tryChange(newestClaim(book), (claim) =>
    claim?.state === "intent" ? spent(claim, { because: "paused", at }) : null,
  );
  switch (outcome.kind) {
    case "changed":
    case "kept":
      return outcome.value !== null && mayBeOut(outcome.value, at) ? "out" : "clear";
    case "unreadable":
    case "failed":
      return "unknown";
    default:
      return outcome satisfies never;
  }
}

/** What was given up without an answer may still be carried out. */
function mayBeOut({ state, doubt }: Claim, at: number): boolean {
  return state === "sent" || (doubt !== null && Math.abs(at - doubt.sinceAt) < DOUBT_MS);
}
