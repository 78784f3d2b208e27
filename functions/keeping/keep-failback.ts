import type { DurableClient } from "durable-functions";
import type { Failback } from "../../shared/domain/failback.ts";
import { otherSide, type Side } from "../../shared/domain/group.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { stampedId } from "../../shared/ledger/added-ids.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import {
  changeFailback,
  failbackIn,
  isOver,
  newestFailback,
  newFailback,
  scheduleFailback,
} from "../../shared/ledger/failbacks.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { lastRoleChangeIn, type OwnView } from "../../shared/ledger/own-view.ts";
import { callIn } from "../../shared/ledger/people.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import { doubtIn } from "../../shared/policy/evidence/follow-claim.ts";
import { gistOf } from "../../shared/policy/evidence/gist-of.ts";
import type { App } from "../app.ts";
import { decideNow } from "../deciding/decide-now.ts";
import { writeReceipt } from "../deciding/write-receipt.ts";
import { primaryBy, readGroup } from "../seeing/read-roles.ts";
import { isToAsk, withdrawAsks } from "../telling/announce.ts";
import type { GroupBook } from "../telling/write-audit.ts";
import { leads } from "./leads.ts";
import { isDead, startMotor, takeMotor } from "./motor.ts";
import { tellMove } from "./tell-move.ts";
import { watchProtection } from "./watch-protection.ts";

/** How often the rules are asked whether it is time to go home. */
const ASK_MS = 60_000;
const MOTOR_QUIET_MS = 60_000;
/** Under these rules an approval would lapse before it is of use: the next window asks anew. */
const OVER_FOR_NOW = ["failback-off", "window-closed"];

/** What the tick has read, and whom it sees. */
export interface Homing {
  readonly client: DurableClient;
  readonly ledger: GroupLedger;
  readonly view: OwnView;
  readonly stores: readonly LiveRows[];
  readonly presence: Promise<Presence>;
}

/** After every failover: protection first, then the rules of going home, then the motor. */
export async function keepFailback(app: App, homing: Homing): Promise<void> {
  for (const awayOn of ["partner", "home"] as const) {
    if (await leads(app, homing.ledger.group, awayOn, homing.presence)) {
      await keepAfter(app, homing, awayOn);
    }
  }
}

async function keepAfter(app: App, homing: Homing, awayOn: Side): Promise<void> {
  const { ledger, stores } = homing;
  const { group } = ledger;
  const both = ledger.both(awayOn);
  const rows = stores.filter(({ book }) => both.includes(book));
  const target = rows.find(({ book }) => book === ledger.target(awayOn));
  if (target === undefined) return;
  const found =
    newestFailback(rows, awayOn) ?? (awayOn === "partner" ? calledHome(app, homing, target) : null);
  if (found === null) return;

  const state = await readGroup(app, group, awayOn);
  const moved = primaryBy(state, awayOn) === otherSide(awayOn);
  const underWay = isUnderWay(target, found, moved ? app.ports.clock.now() : null);
  if (underWay === "yes") return revive(app, homing.client, target.book, found);
  // Roles that have moved may be our own doing: without the claim nobody can tell.
  if (moved && underWay === "no") return finish(app, ledger, found, rows);
  if (moved) return;

  await tellMove(app, ledger, found, rows);
  const healthy = await watchProtection(app, { ledger, rows }, found, state);
  const failback = await note(app, target, found, healthy);
  if (failback === null) return;
  if (failback.state === "off" && healthy) return finish(app, ledger, failback, rows);
  if (failback.state === "waiting") await considerGoingHome(app, homing, target, failback);
}

async function considerGoingHome(
  app: App,
  { client, ledger, stores }: Homing,
  target: LiveRows,
  failback: Failback,
): Promise<void> {
  const { book } = target;
  const now = app.ports.clock.now();
  const sinceAt = failback.failedOverAt;
  const call = callIn(target, "fail-back", { now, sinceAt });
  const rested = now - (failback.consideredAt ?? 0) >= ASK_MS;
  if (call === null && (failback.healthySinceAt === null || !rested)) return;
  const { group } = ledger;
  // It reads the target's store again at its end: what this tick has just written there is judged.
  const decided = await decideNow(
    app,
    { group, purpose: "fail-back", call, sharesLook: false },
    stores,
  );
  const { decision } = decided;
  const noted = await noteHold(app, { book, group }, failback, decided);
  await changeFailback(book, failback, (row) => ({ ...row, ...noted, consideredAt: now }));
  // Not at every hold: what is not healthy for a minute is asked about again.
  if (OVER_FOR_NOW.includes(decision.rule)) await withdrawAsks(stores, failback.id, now);
  const kept = { group, book, rows: target, sinceAt };
  const unheard = decision.verdict === "ask" && (await isToAsk(kept, failback.id, decided));
  if (decision.verdict === "fail-over" || unheard) await start(app, client, book, failback);
}

/** Why it does not go home yet is written down when it changes; what acts or asks its motor writes down. */
async function noteHold(
  app: App,
  at: GroupBook,
  failback: Failback,
  decided: Decided,
): Promise<Pick<Failback, "decisionId" | "gist"> | null> {
  const { decision, facts } = decided;
  const gist = gistOf(decision);
  const waits = decision.verdict === "hold" || decision.verdict === "stand-down";
  if (!waits || failback.gist === gist) return null;
  const decisionId = stampedId(`${failback.id}-${failback.motor}`, facts.now);
  await writeReceipt(app, at, decided, decisionId);
  return { decisionId, gist };
}

/** A person may call a group home that is away for other reasons than a failover of ours, or for good. */
function calledHome(app: App, { ledger, view }: Homing, target: LiveRows): Failback | null {
  if (view.primary !== "partner") return null;
  const now = app.ports.clock.now();
  const roles = lastRoleChangeIn(view);
  const movedAt = roles.kind === "known" ? roles.at : null;
  const call = callIn(target, "fail-back", { now, sinceAt: movedAt ?? 0 });
  if (call === null) return null;
  const { name } = ledger.group;
  return newFailback({
    id: `${name}-${call.id}`,
    group: name,
    incidentId: call.id,
    awayOn: "partner",
    failedOverAt: movedAt ?? call.calledAt,
    state: "waiting",
  });
}

/** Keeps the row in the store of the region left, which may have been lost when the other one got it. */
async function note(
  app: App,
  target: LiveRows,
  found: Failback,
  healthy: boolean,
): Promise<Failback | null> {
  // It was asked in this very tick: to ask it again holds up the tick for as long as it is silent.
  if (target.silent) return null;
  const now = app.ports.clock.now();
  const noted = (row: Failback): Failback => ({
    ...row,
    protectedAt: healthy ? (row.protectedAt ?? now) : row.protectedAt,
    healthySinceAt: healthy ? (row.healthySinceAt ?? now) : null,
  });
  const known = failbackIn(target, found.awayOn);
  if (known.kind === "read" && known.value.id === found.id) {
    const { protectedAt, healthySinceAt } = noted(known.value);
    const { value } = known;
    const same = value.protectedAt === protectedAt && value.healthySinceAt === healthySinceAt;
    if (same && !isOver(value)) return value;
  } else {
    await scheduleFailback(target.book, found);
  }
  return (await changeFailback(target.book, found, noted))?.value ?? null;
}

/** Whether our own failover for it is out, or may be: a claim that nobody can read may be any. */
function isUnderWay(
  target: LiveRows,
  failback: Failback,
  movedBy: number | null,
): "yes" | "no" | "unknown" {
  const claim = claimIn(target);
  if (claim.kind === "none") return "no";
  if (claim.kind !== "read") return "unknown";
  // Whose doing the move was is for its motor to find out.
  if (movedBy !== null && doubtIn(claim.value, movedBy)?.incidentId === failback.id) return "yes";
  if (claim.value.incidentId !== failback.id) return "no";
  return claim.value.state !== "spent" || claim.value.spentBecause === "moved" ? "yes" : "no";
}

async function revive(
  app: App,
  client: DurableClient,
  book: Book,
  failback: Failback,
): Promise<void> {
  const now = app.ports.clock.now();
  const by = { purpose: "fail-back", now, quietMs: MOTOR_QUIET_MS } as const;
  const mine = failback.motorSite === app.config.self.name;
  if (mine && !(await isDead(client, failback, by))) return;
  await start(app, client, book, failback);
}

async function start(
  app: App,
  client: DurableClient,
  book: Book,
  failback: Failback,
): Promise<void> {
  const now = app.ports.clock.now();
  const by = { purpose: "fail-back", site: app.config.self.name, now } as const;
  const taken = await takeMotor(book, failback, by);
  if (taken !== null) await startMotor(client, taken);
}

/** Nothing is left to do: somebody has brought the group home, or it is protected where it is. */
async function finish(
  app: App,
  ledger: GroupLedger,
  failback: Failback,
  rows: readonly LiveRows[],
): Promise<void> {
  const doneAt = app.ports.clock.now();
  await withdrawAsks(rows, failback.id, doneAt);
  // A store that is away is told when it is back: what it shows is then older than what the other one says.
  await writeToBooks(ledger.both(failback.awayOn), (book) =>
    changeFailback(book, failback, (row) => ({ ...row, state: "done", doneAt })),
  );
}
