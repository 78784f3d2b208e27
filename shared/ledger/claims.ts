// The fence. One row per group, in the store of the region failed over to.
//
// C1. A claim is one POST. It is sent at most once: the step to `sent` is written, under the ETag,
//     before the POST leaves, and only its holder may take it.
// C2. A new claim is taken only when the one before is spent.
// C3. A claim whose row could not be read or written is nobody's: the caller holds.

import type * as z from "zod";
import { Claim, type SpentBecause } from "../domain/claim.ts";
import type { Store } from "../ports/store.ts";
import { changeRow, type RowType, readRow } from "./rows.ts";

export const CLAIM: RowType<Claim> = { kind: "claim", schema: Claim };
const NEWEST = "newest";

export type NewClaim = Pick<
  Claim,
  | "group"
  | "incidentId"
  | "decisionId"
  | "kind"
  | "expectedPrimary"
  | "target"
  | "holder"
  | "notAfter"
>;

export async function readClaim(store: Store, group: string): Promise<Claim | null> {
  return (await readRow(store, CLAIM, group, NEWEST))?.value ?? null;
}

/**
 * Takes the next claim, or finds the one this decision took already. Null when an earlier one is
 * unspent, or was refused so lately that another would come too soon.
 */
export async function takeClaim(
  store: Store,
  wanted: NewClaim,
  now: number,
): Promise<Claim | null> {
  const { value } = await changeRow(store, CLAIM, wanted.group, NEWEST, (newest): Claim | null => {
    if (newest !== null && newest.state !== "spent") return null;
    if (newest?.decisionId === wanted.decisionId) return null;
    if (newest !== null && now < (newest.retryNotBefore ?? now)) return null;
    return {
      ...wanted,
      epoch: (newest?.epoch ?? 0) + 1,
      state: "intent",
      takenAt: now,
      sentAt: null,
      acceptedAt: null,
      spentAt: null,
      spentBecause: null,
      code: null,
      retryNotBefore: null,
      ticket: null,
      quietSinceAt: null,
    };
  });
  return value?.decisionId === wanted.decisionId ? value : null;
}

/** The step that may happen once: from intent to sent, by its holder, in time. Null: do not send. */
export async function sendClaim(
  store: Store,
  work: { readonly group: string; readonly epoch: number; readonly holder: string },
  now: number,
): Promise<Claim | null> {
  const { value, changed } = await changeRow(
    store,
    CLAIM,
    work.group,
    NEWEST,
    (claim): Claim | null => {
      if (claim === null || claim.epoch !== work.epoch || claim.holder !== work.holder) return null;
      if (claim.state !== "intent" || now > claim.notAfter) return null;
      return { ...claim, state: "sent", sentAt: now };
    },
  );
  return changed ? value : null;
}

/** Changes a claim that is open at this epoch. Returns the row as it stands afterwards. */
export async function changeClaim(
  store: Store,
  work: { readonly group: string; readonly epoch: number },
  change: (claim: Claim) => Claim,
): Promise<Claim | null> {
  const { value } = await changeRow(store, CLAIM, work.group, NEWEST, (claim) =>
    claim === null || claim.epoch !== work.epoch || claim.state === "spent" ? null : change(claim),
  );
  return value;
}

const NO_REFUSAL = { code: null, retryAfterMs: 0 };

/** Spends the claim of this epoch, whatever open state it is in. Spending twice changes nothing. */
export async function spendClaim(
  store: Store,
  work: { readonly group: string; readonly epoch: number },
  because: z.infer<typeof SpentBecause>,
  now: number,
  refusal: { readonly code: string | null; readonly retryAfterMs: number } = NO_REFUSAL,
): Promise<Claim | null> {
  return changeClaim(store, work, (claim) => ({
    ...claim,
    state: "spent",
    spentAt: now,
    spentBecause: because,
    code: refusal.code,
    retryNotBefore: now + refusal.retryAfterMs,
  }));
}
