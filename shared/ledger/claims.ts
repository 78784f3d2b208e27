// The fence. One row per group, in the store of the region failed over to.
//
// C1. A claim is one POST. It is sent at most once: the step to `sent` is written, under the ETag,
//     before the POST leaves, and only its holder may take it.
// C2. A new claim is taken only when the one before is spent.
// C3. What was sent without a definite answer is spent after its quiet time, and stays on the row as a
//     doubt: the roles may still move by it, and then it was ours.
// C4. A claim whose row could not be read or written is nobody's: the caller holds.

import { Claim, type Doubt, retriesTooSoon, type SpentBecause } from "../domain/claim.ts";
import type { Book } from "./book.ts";
import type { LiveRows } from "./live-rows.ts";
import type { Reading } from "./reading.ts";
import { changeRow, type RowRef, type RowType, readRow } from "./rows.ts";

/** One that cannot be read may be out: it stays, and nothing is requested while it does. */
export const CLAIM: RowType<Claim> = { kind: "claim", schema: Claim, unreadable: "keep" };
const NEWEST = "newest";

/** The row of the newest claim, and what was read of it. */
export function newestClaim(book: Book, known?: Reading<Claim>): RowRef<Claim> {
  return { book, type: CLAIM, id: NEWEST, known };
}

export type NewClaim = Pick<
  Claim,
  | "group"
  | "incidentId"
  | "decisionId"
  | "rule"
  | "actor"
  | "kind"
  | "expectedPrimary"
  | "target"
  | "holder"
  | "notAfter"
>;

/** The newest claim, among rows that were read. */
export function claimIn(rows: LiveRows): Reading<Claim> {
  return rows.one(CLAIM, NEWEST);
}

/** The newest claim as it stands this instant. */
export function readClaim(book: Book): Promise<Reading<Claim>> {
  return readRow(newestClaim(book));
}

/**
 * Takes the next claim, or finds the one this decision took already. Null when an earlier one is
 * unspent, or was refused so lately that another would come too soon.
 */
export async function takeClaim(
  book: Book,
  wanted: NewClaim,
  now: number,
  known?: Reading<Claim>,
): Promise<Claim | null> {
  const take = (newest: Claim | null): Claim | null => {
    if (newest !== null && (newest.state !== "spent" || newest.owed)) return null;
    if (newest?.decisionId === wanted.decisionId) return null;
    if (newest !== null && retriesTooSoon(newest, now)) return null;
    const known = newest?.incidentId === wanted.incidentId ? newest : null;
    const announcedAt = known?.announcedAt ?? null;
    return growing(newest, {
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
      quietBy: null,
      doubt: newest?.doubt ?? null,
      renewals: 0,
      announcedAt: announcedAt !== null && now - announcedAt < ANNOUNCED_MS ? announcedAt : now,
      refusals: known?.refusals ?? 0,
      owed: false,
    });
  };
  const { value } = await changeRow(newestClaim(book, known), take);
  return value?.decisionId === wanted.decisionId ? value : null;
}

/** What is about to come is said once an hour, however many claims are taken for it. */
const ANNOUNCED_MS = 60 * 60_000;

/** The step that may happen once: from intent to sent, by its holder, in time. Null: do not send. */
export async function sendClaim(
  book: Book,
  work: { readonly epoch: number; readonly holder: string },
  now: number,
  known?: Reading<Claim>,
): Promise<Claim | null> {
  const send = (claim: Claim | null): Claim | null => {
    if (claim === null || claim.epoch !== work.epoch || claim.holder !== work.holder) return null;
    if (claim.state !== "intent" || now > claim.notAfter) return null;
    return growing(claim, { ...claim, state: "sent", sentAt: now });
  };
  const outcome = await changeRow(newestClaim(book, known), send);
  return outcome.kind === "changed" ? outcome.value : null;
}

/** Changes a claim that is open at this epoch. Returns the row as it stands afterwards. */
export async function changeClaim(
  book: Book,
  epoch: number,
  change: (claim: Claim) => Claim,
): Promise<Claim | null> {
  const { value } = await changeRow(newestClaim(book), (claim) =>
    claim === null || claim.epoch !== epoch || claim.state === "spent"
      ? null
      : growing(claim, change(claim)),
  );
  return value;
}

/** Spends the claim of this epoch, whatever open state it is in. Spending twice changes nothing. */
export async function spendClaim(book: Book, epoch: number, end: ClaimEnd): Promise<Claim | null> {
  return changeClaim(book, epoch, (claim) => spent(claim, end));
}

interface ClaimEnd {
  readonly because: SpentBecause;
  readonly at: number;
  /** What Azure called the refusal or the error, and for how long to leave it alone. */
  readonly code?: string | null;
  readonly retryAfterMs?: number;
}

/** The claim as it is when it has ended. */
export function spent(
  claim: Claim,
  { because, at, code = null, retryAfterMs = 0 }: ClaimEnd,
): Claim {
  return {
    ...claim,
    state: "spent",
    spentAt: at,
    spentBecause: because,
    code,
    refusals: cameToNothing(because) ? claim.refusals + 1 : 0,
    retryNotBefore: at + Math.max(retryAfterMs, patienceMs(claim, because)),
    doubt: because === "reconciled-not-moved" ? doubtOf(claim, at) : claim.doubt,
    ...(because === "moved" ? { owed: true, doubt: null } : {}),
  };
}

/** Each refusal in a row slows us down. */
const PATIENCE_MS = [10_000, 30_000, 60_000, 120_000, 300_000] as const;

function cameToNothing(because: SpentBecause): boolean {
  return because === "refused" || because === "reconciled-not-moved";
}

/** What got no answer has had its quiet time: once that is enough, again and again it is a closed door as well. */
function patienceMs({ refusals }: Claim, because: SpentBecause): number {
  if (!cameToNothing(because)) return 0;
  const nth = because === "refused" ? refusals : refusals - 1;
  return PATIENCE_MS[Math.min(nth, PATIENCE_MS.length - 1)] ?? 0;
}

function doubtOf(claim: Claim, sinceAt: number): Doubt {
  const { incidentId, decisionId, rule, actor, kind, takenAt, sentAt, acceptedAt, renewals } =
    claim;
  const sent = { kind, takenAt, sentAt, acceptedAt, renewals };
  return { incidentId, decisionId, rule, actor, ...sent, sinceAt };
}

/** The request of this epoch found something running, which may be the doubtful one: that is followed again. */
export async function renewDoubt(book: Book, epoch: number): Promise<Claim | null> {
  return changeClaim(book, epoch, (claim) => {
    if (claim.doubt === null) return claim;
    const { sinceAt: _ended, renewals, ...sent } = claim.doubt;
    return { ...claim, ...sent, renewals: renewals + 1, doubt: null, quietSinceAt: null };
  });
}

/** The roles have moved while a request was in doubt: by it, or by what somebody else began after it. */
export async function bookDoubt(
  book: Book,
  epoch: number,
  { by, at }: { readonly by: "us" | "other"; readonly at: number },
): Promise<void> {
  await changeRow(newestClaim(book), (claim) => {
    if (claim === null || claim.epoch !== epoch || claim.doubt === null) return null;
    if (claim.state !== "spent") return null;
    if (by === "other") {
      return { ...claim, doubt: null, spentBecause: "roles-moved-by-other" as const };
    }
    const { sinceAt: _ended, ...sent } = claim.doubt;
    const moved = { spentAt: at, spentBecause: "moved", owed: true } as const;
    return growing(claim, { ...claim, ...sent, ...moved, code: null, doubt: null });
  });
}

/** All that the move by the claim of this epoch asks for is written down. */
export async function settleClaim(book: Book, epoch: number): Promise<void> {
  await changeRow(newestClaim(book), (claim) =>
    claim?.epoch === epoch && claim.owed ? growing(claim, { ...claim, owed: false }) : null,
  );
}

/** The roles are as they were before the claim of this epoch moved them: should they move once more, it was ours. */
export async function undoClaim(book: Book, epoch: number, at: number): Promise<void> {
  await changeRow(newestClaim(book), (claim) =>
    claim?.epoch === epoch && claim.spentBecause === "moved"
      ? growing(claim, { ...claim, spentBecause: "undone", owed: false, doubt: doubtOf(claim, at) })
      : null,
  );
}

const STATES: readonly Claim["state"][] = ["intent", "sent", "spent"];

/** Epochs only grow, and within one its state only goes on: anything else would be a second request. */
function growing(before: Claim | null, after: Claim): Claim {
  if (before === null) return after;
  const isNext = after.epoch === before.epoch + 1;
  const goesOn =
    after.epoch === before.epoch && STATES.indexOf(after.state) >= STATES.indexOf(before.state);
  if (isNext || goesOn) return after;
  throw new Error(
    `Cannot change the claim of ${before.group}: epochs only grow: ${before.epoch} ${before.state} to ${after.epoch} ${after.state}`,
  );
}
