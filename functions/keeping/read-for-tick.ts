import type { Book } from "../../shared/ledger/book.ts";
import { failbackIn, isOver } from "../../shared/ledger/failbacks.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { type LiveRows, readLive } from "../../shared/ledger/live-rows.ts";
import { lastRoleChangeIn, looksIn, type OwnView } from "../../shared/ledger/own-view.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { isBad } from "../../shared/policy/evidence/suspicion.ts";
import type { App } from "../app.ts";

/** Two ticks without a sign of life: it may have to be stood in for. */
const MAYBE_QUIET_MS = 30_000;
/** After a change of roles a store that was away may not know yet what is left to do. */
const AFTER_CHANGE_MS = 24 * 60 * 60_000;

/** Is something wrong with the group, by what this site remembers? */
export function isTroubled(app: App, view: OwnView): boolean {
  const last = looksIn(view, app.ports.clock.now()).at(-1);
  return (last !== undefined && isBad(last)) || openIncidentIn(view.rows) !== null;
}

/**
 * The rows of a group that a tick works on, each store read once. In peace those of our own store are
 * enough: another is read where its site may have to be stood in for, where something is wrong, and
 * while the group is away from home or has just moved.
 */
export async function readForTick(
  app: App,
  ledger: GroupLedger,
  view: OwnView,
  presence: Promise<Presence>,
): Promise<readonly LiveRows[]> {
  const others = await booksToRead(app, ledger, view, presence);
  return [view.rows, ...(await Promise.all(others.map((book) => readLive(book))))];
}

async function booksToRead(
  app: App,
  ledger: GroupLedger,
  view: OwnView,
  presence: Promise<Presence>,
): Promise<readonly Book[]> {
  const both = ledger.both(view.expectedPrimary);
  const others = both.filter((book) => book !== ledger.own);
  if (isAway(app, view)) return others;
  if (isTroubled(app, view)) {
    return both.includes(ledger.own)
      ? both.slice(0, 1).filter((book) => book !== ledger.own)
      : both;
  }
  if (both.includes(ledger.own)) return [];
  const { quietMs } = await presence;
  return both.some(({ site }) => quietMs(site) >= MAYBE_QUIET_MS) ? both : [];
}

/** Away from home, lately moved, or with something left to do after a failover. */
function isAway(app: App, view: OwnView): boolean {
  if (view.primary === "partner") return true;
  const roles = lastRoleChangeIn(view);
  if (roles.kind === "unknown") return true;
  if (roles.kind === "known" && app.ports.clock.now() - roles.at < AFTER_CHANGE_MS) return true;
  return (["home", "partner"] as const).some((side) => {
    const failback = valueOrNull(failbackIn(view.rows, side));
    return failback !== null && !isOver(failback);
  });
}
