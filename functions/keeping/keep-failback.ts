import type { DurableClient } from "durable-functions";
import type { Work } from "../../orchestrations/contracts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { readClaim } from "../../shared/ledger/claims.ts";
import { changeFailback, newFailback, scheduleFailback } from "../../shared/ledger/failbacks.ts";
import { asksOf, callOf } from "../../shared/ledger/people.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import { gistOf } from "../../shared/policy/evidence/gist-of.ts";
import { isLive, keyOfAsk } from "../../shared/policy/evidence/sort-asks.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { decideNow, findFailback } from "../deciding/decide-now.ts";
import { writeReceipt } from "../deciding/write-receipt.ts";
import { primaryBy, readGroup } from "../seeing/read-roles.ts";
import { eventId, toldAlready } from "../telling/send-once.ts";
import { leads } from "./leads.ts";
import { isDead, startMotor, takeMotor } from "./motor.ts";
import { watchProtection } from "./watch-protection.ts";

/** How often the rules are asked whether it is time to go home. */
const ASK_MS = 60_000;
const MOTOR_QUIET_MS = 60_000;

/** After every failover: protection first, then the rules of going home, then the motor. */
export async function keepFailback(app: App, client: DurableClient, group: Group): Promise<void> {
  for (const awayOn of ["partner", "home"] as const) {
    if (await leads(app, group, awayOn)) await keepAfter(app, client, group, awayOn);
  }
}

async function keepAfter(
  app: App,
  client: DurableClient,
  group: Group,
  awayOn: Side,
): Promise<void> {
  const store = app.stores.target(group, awayOn);
  const found =
    (await findFailback(app, group, awayOn)) ??
    (awayOn === "partner" ? await calledHome(app, group, store) : null);
  if (found === null) return;

  const state = await readGroup(app, group, awayOn);
  const underWay = await isUnderWay(store, group, found).catch(() => "unknown" as const);
  if (underWay === true) return revive(app, client, store, found);
  // Roles that have moved may be our own doing: without the claim nobody can tell.
  const moved = primaryBy(state, awayOn) === otherSide(awayOn);
  if (moved && underWay === false) return finish(app, group, found);
  if (moved) return;

  const healthy = await watchProtection(app, group, found, state);
  const failback = await note(app, store, found, healthy);
  if (failback === null) return;
  if (failback.state === "off" && healthy) return finish(app, group, failback);
  if (failback.state === "waiting") await considerGoingHome(app, client, group, store, failback);
}

async function considerGoingHome(
  app: App,
  client: DurableClient,
  group: Group,
  store: Store,
  failback: Failback,
): Promise<void> {
  const now = app.ports.clock.now();
  const sinceAt = failback.failedOverAt;
  const call = await callOf(store, group.name, "fail-back", { now, sinceAt });
  const rested = now - (failback.consideredAt ?? 0) >= ASK_MS;
  if (call === null && (failback.healthySinceAt === null || !rested)) return;
  const decided = await decideNow(app, { group, purpose: "fail-back", call });
  const { decision } = decided;
  const noted = await noteHold(app, store, group, failback, decided);
  await changeFailback(store, group.name, failback.id, (row) => ({
    ...row,
    ...noted,
    consideredAt: now,
  }));
  const unheard = decision.verdict === "ask" && !(await isBeingAsked(app, store, failback));
  if (decision.verdict === "fail-over" || unheard) await start(app, client, store, failback);
}

/** Why it does not go home yet is written down when it changes; what acts or asks its motor writes down. */
async function noteHold(
  app: App,
  store: Store,
  group: Group,
  failback: Failback,
  decided: Decided,
): Promise<Pick<Failback, "decisionId" | "gist"> | null> {
  const { decision, facts } = decided;
  const gist = gistOf(decision);
  const waits = decision.verdict === "hold" || decision.verdict === "stand-down";
  if (!waits || failback.gist === gist) return null;
  const decisionId = `${failback.id}-${failback.motor}-${facts.now.toString(36)}`;
  await writeReceipt(app, store, group, decided, decisionId);
  return { decisionId, gist };
}

/** A person may call a group home that is away for other reasons than a failover of ours, or for good. */
async function calledHome(app: App, group: Group, store: Store): Promise<Failback | null> {
  const watch = await readWatch(app.stores.own, group.name);
  if (watch.primary !== "partner") return null;
  const now = app.ports.clock.now();
  const sinceAt = watch.lastRoleChangeAt ?? 0;
  const call = await callOf(store, group.name, "fail-back", { now, sinceAt });
  if (call === null) return null;
  return newFailback({
    id: `${group.name}-${call.id}`,
    group: group.name,
    incidentId: call.id,
    awayOn: "partner",
    failedOverAt: watch.lastRoleChangeAt ?? call.calledAt,
    state: "waiting",
  });
}

/** Keeps the row in the store of the region left, which may have been lost when the other one got it. */
async function note(
  app: App,
  store: Store,
  found: Failback,
  healthy: boolean,
): Promise<Failback | null> {
  const now = app.ports.clock.now();
  await scheduleFailback(store, found);
  return changeFailback(
    store,
    found.group,
    found.id,
    (row) => ({
      ...row,
      protectedAt: healthy ? (row.protectedAt ?? now) : row.protectedAt,
      healthySinceAt: healthy ? (row.healthySinceAt ?? now) : null,
    }),
    found.awayOn,
  );
}

async function isUnderWay(store: Store, group: Group, failback: Failback): Promise<boolean> {
  const claim = await readClaim(store, group.name);
  if (claim === null || claim.incidentId !== failback.id) return false;
  return claim.state !== "spent" || claim.spentBecause === "moved";
}

async function isBeingAsked(app: App, store: Store, failback: Failback): Promise<boolean> {
  const now = app.ports.clock.now();
  for (const ask of await asksOf(store, failback.group)) {
    if (ask.incidentId !== failback.id || !isLive(ask, now)) continue;
    if (await toldAlready(store, failback.group, eventId(failback.id, "ask", keyOfAsk(ask)))) {
      return true;
    }
  }
  return false;
}

async function revive(
  app: App,
  client: DurableClient,
  store: Store,
  failback: Failback,
): Promise<void> {
  const now = app.ports.clock.now();
  const { heartbeatAt } = failback;
  const mine = failback.motorSite === app.config.self.name;
  if (mine && !(await isDead(client, workOf(failback), heartbeatAt, MOTOR_QUIET_MS, now))) return;
  await start(app, client, store, failback);
}

async function start(
  app: App,
  client: DurableClient,
  store: Store,
  failback: Failback,
): Promise<void> {
  const now = app.ports.clock.now();
  const by = { purpose: "fail-back", site: app.config.self.name, now } as const;
  const taken = await takeMotor(store, failback, by);
  if (taken !== null) await startMotor(client, taken);
}

/** Nothing is left to do: somebody has brought the group home, or it is protected where it is. */
async function finish(app: App, group: Group, failback: Failback): Promise<void> {
  const doneAt = app.ports.clock.now();
  for (const store of app.stores.both(group, failback.awayOn)) {
    await changeFailback(
      store,
      group.name,
      failback.id,
      (row) => ({ ...row, state: "done", doneAt }),
      failback.awayOn,
    );
  }
}

function workOf(failback: Failback): Work {
  const { group, id: incidentId, motor } = failback;
  return { group, purpose: "fail-back", incidentId, motor };
}
