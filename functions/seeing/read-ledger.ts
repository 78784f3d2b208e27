import type { Claim } from "../../shared/domain/claim.ts";
import type { LastRoleChange } from "../../shared/domain/facts.ts";
import type { Side } from "../../shared/domain/group.ts";
import type { Approval, Override, Pause } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import type { GroupLedger, Stores } from "../../shared/ledger/group-ledger.ts";
import { type LiveRows, readLive } from "../../shared/ledger/live-rows.ts";
import { overridesIn, standingOverrides } from "../../shared/ledger/overrides.ts";
import { pausesIn } from "../../shared/ledger/pauses.ts";
import { approvalsIn, asksIn } from "../../shared/ledger/people.ts";
import { findDenial, standingApprovals } from "../../shared/policy/evidence/find-denial.ts";
import type { App } from "../app.ts";

/** The rows of one store that a decision depends on: of the group, and of all groups. */
export interface StoreRows {
  readonly group: LiveRows;
  readonly everyGroup: LiveRows;
}

export interface LedgerReading {
  readonly claim: Claim | null | "unknown";
  readonly pauses: readonly Pause[];
  /** The store of the region failed over to answered: without it nobody knows whether we are paused. */
  readonly pauseReadable: boolean;
  readonly approvals: readonly Approval[];
  readonly deniedAt: number | null;
  readonly overrides: readonly Override[];
}

/**
 * The rows of both group regions, target first, each store asked once. Rows of the group that were
 * read in this round already are not read again.
 */
export function readBoth(
  stores: Stores,
  ledger: GroupLedger,
  primary: Side,
  inHand: readonly LiveRows[] = [],
): Promise<readonly StoreRows[]> {
  return Promise.all(
    ledger.both(primary).map(async (book) => {
      const known = inHand.find((rows) => rows.book === book && !rows.silent);
      const [group, everyGroup] = await Promise.all([
        known ?? readLive(book),
        readEveryGroup(stores, book),
      ]);
      return { group, everyGroup };
    }),
  );
}

/**
 * The same once more, the target's rows of the group as they are now: a look at a dead primary takes its whole
 * timeout, and what a person approves meanwhile need not wait for the next one.
 */
export async function readTargetAgain(stores: readonly StoreRows[]): Promise<readonly StoreRows[]> {
  const [target, ...others] = stores;
  if (target === undefined || target.group.silent) return stores;
  return [{ ...target, group: await readLive(target.group.book) }, ...others];
}

/** What concerns all groups, in the store of that book. */
export function readEveryGroup(stores: Stores, { site }: Pick<Book, "site">): Promise<LiveRows> {
  return readLive(stores.at(site) ?? stores.own);
}

/** What people and we ourselves have written down for this group, in both group regions. */
export function readLedger(
  app: App,
  stores: readonly StoreRows[],
  asked: { readonly workId: string | null; readonly roles: LastRoleChange },
): LedgerReading {
  const now = app.ports.clock.now();
  const [target] = stores;
  if (target === undefined) throw new Error("Cannot read the ledger: no store was asked");
  const { workId, roles } = asked;
  const pauses = stores.map(({ group, everyGroup }) => pausesIn([group, everyGroup], now));
  const approvals =
    workId === null ? [] : stores.flatMap(({ group }) => approvalsIn(group, workId, now));
  const asks = stores.flatMap(({ group }) => asksIn(group));
  return {
    claim: claimOf(target.group),
    pauses: pauses.flatMap(({ standing }) => standing),
    pauseReadable: pauses[0]?.readable ?? false,
    approvals: standingApprovals(
      [...new Map(approvals.map((approval) => [approval.askId, approval])).values()],
      asks,
    ),
    deniedAt: findDenial(asks, workId),
    overrides: standingOverrides(
      stores.flatMap(({ group }) => overridesIn(group)),
      now,
      roles,
    ),
  };
}

function claimOf(target: LiveRows): LedgerReading["claim"] {
  const claim = claimIn(target);
  switch (claim.kind) {
    case "read":
      return claim.value;
    case "none":
      return null;
    case "unreadable":
    case "silent":
      return "unknown";
    default:
      return claim satisfies never;
  }
}
