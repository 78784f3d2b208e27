// One run: three sites of the whole app on one simulated Azure, in virtual time, and everything that the plan
// lets befall them. It ends when all is over and settled, or when that takes too long.

import { readFileSync } from "node:fs";
import { VirtualClock } from "functions-host/clock";
import { unawaited } from "functions-host/unawaited";
import * as z from "zod";
import hostJson from "../host.json" with { type: "json" };
import { readConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import type { Policy } from "../shared/domain/policy.ts";
import { createWorld } from "../simulator/azure/world/create-world.ts";
import { groupOf, type World } from "../simulator/azure/world/world.ts";
import { type Sites, startSites } from "../simulator/sites.ts";
import { type Chronicle, type Order, rowsOf, writeChronicle } from "./chronicle.ts";
import { beginsAt, type Move, overAt, type Plan, shift } from "./move.ts";
import { MINUTE, SECOND, SITES } from "./troubles.ts";

/** A Thursday. */
const START = Date.UTC(2026, 0, 15, 9);
const GROUP = "orders-fog";
/** What goes on without any fault must have ended by then. */
const PATIENCE_MS = 10 * MINUTE;
/** All must have been well for so long before the run may end. */
const QUIET_MS = 45 * SECOND;
const SAMPLE_MS = 10 * SECOND;
const BY_NIGHT = { schedule: "0 2 * * *", forMs: 2 * 60 * MINUTE, timezone: "UTC" };

/** The configuration that `npm start` runs, with a grace as short as may be. */
function configFor({ mode, home }: Plan): Config {
  const path = new URL("../demo/demo.yaml", import.meta.url);
  const text = readFileSync(path, "utf8");
  const config = readConfig({ path: "demo/demo.yaml", text, self: "neu", env: {} });
  const shortly: Partial<Policy> = { cooldownMs: 4.5 * MINUTE };
  const change = (policy: Policy): Policy => ({
    ...policy,
    mode,
    graceMs: 3 * MINUTE,
    grayGraceMs: 4 * MINUTE,
    // Until it is over an incident stays open.
    flapping: { outages: 3, withinMs: 8.5 * MINUTE },
    failback: {
      mode: home === "approve" || home === "off" ? home : "automatic",
      window: home === "by-night" ? BY_NIGHT : null,
      soakMs: home === "stays" ? 60 * MINUTE : MINUTE,
    },
    ...(home === "stays" ? {} : shortly),
  });
  return {
    ...config,
    groups: config.groups.map((group) => ({ ...group, policy: change(group.policy) })),
  };
}

interface Played {
  readonly world: World;
  readonly sites: Sites;
  readonly clock: VirtualClock;
  readonly orders: Order[];
}

/** Plays a plan to its end, or for so long and no longer. */
export async function play(plan: Plan, limitMs?: number): Promise<Chronicle> {
  const { policy, ...played } = await begin(plan);
  const { world, sites, clock } = played;
  const { record } = world;
  let known = plan;
  let quietSinceAt: number | null = null;
  while (clock.now() < endOf(known, limitMs)) {
    const sampleAt = Math.min(endOf(known, limitMs), clock.now() + SAMPLE_MS);
    if (known.crossing.length > 0) {
      await clock.runUntil(() => record.posts.length > 0 || clock.now() >= sampleAt);
      const [first] = record.posts;
      if (first !== undefined) known = placeCrossing(plan, first.at - START);
      const placed = known.moves.slice(plan.moves.length);
      // What comes before the request takes another run: up to there they are the same.
      if (placed.some((move) => START + beginsAt(move) <= clock.now())) {
        sites.stop();
        return play(known, limitMs);
      }
      for (const move of placed) befall(played, move);
    }
    await clock.runUntil(sampleAt);
    answerAsks(played, plan);
    const quiet = clock.now() >= calmOf(known) && isSettled(world, plan);
    quietSinceAt = quiet ? (quietSinceAt ?? clock.now()) : null;
    if (limitMs === undefined && quietSinceAt !== null && clock.now() - quietSinceAt >= QUIET_MS)
      break;
  }
  const { orders } = played;
  // What had nothing to cross is no part of what happened.
  const chronicle = writeChronicle(world, GROUP, {
    plan: { ...known, crossing: [] },
    ...{ policy, orders },
  });
  sites.stop();
  return chronicle;
}

/** The plan once the first request has shown when what crosses it comes. */
function placeCrossing({ crossing, ...plan }: Plan, requestMs: number): Plan {
  const placed = crossing.map((move) => shift(move, requestMs));
  return { ...plan, moves: [...plan.moves, ...placed], crossing: [] };
}

function calmOf({ moves }: Plan): number {
  return START + Math.max(0, ...moves.map(overAt));
}

function endOf(plan: Plan, limitMs: number | undefined): number {
  return limitMs === undefined ? calmOf(plan) + PATIENCE_MS : START + limitMs;
}

async function begin(plan: Plan): Promise<Played & Pick<Chronicle, "policy">> {
  const config = configFor(plan);
  const [group] = config.groups;
  if (group === undefined) throw new Error(`Cannot play: no group is configured: ${GROUP}`);
  const clock = new VirtualClock(START);
  const { seed } = plan;
  const world = createWorld({
    ...{ clock, seed, groups: config.groups, sites: config.sites },
    // What is stuck is given up while the run lasts; one that is slow may take as much longer.
    plannedTimesOutMs: 2.5 * MINUTE,
  });
  const sites = await startSites({ config, world, clock, seed, hostJson, edge: "port" });
  const played = { world, sites, clock, orders: [] };
  for (const move of plan.moves) befall(played, move);
  return { ...played, policy: group.policy };
}

/** By which row the way home ends for now, where it is not to go home by itself. */
const AWAY_BY: Readonly<Record<Plan["home"], string | null>> = {
  stays: null,
  off: null,
  automatic: null,
  approve: "fail-back: failback-approve",
  "by-night": "fail-back: window-closed",
};

/** Nothing runs, no incident is open, no claim unspent or owed, and nobody is on the way home. */
function isSettled(world: World, { home }: Plan): boolean {
  if (groupOf(world, GROUP).operation !== null) return false;
  const rows = SITES.map((site) => rowsOf(world, site, GROUP));
  const ended = rows.every(
    ({ incidents, claims }) =>
      incidents.every(({ closedAt }) => closedAt !== null) &&
      claims.every(({ state, owed }) => state === "spent" && !owed),
  );
  if (!ended || home === "stays" || home === "off") return ended;
  const stays = rows.some(({ decided }) => decided.some((rule) => rule === AWAY_BY[home]));
  return (
    stays || rows.every(({ failbacks }) => failbacks.every(({ state }) => state !== "waiting"))
  );
}

/** Sees to it that a move comes when its time has come. */
function befall(played: Played, move: Move): void {
  const { world, clock, sites } = played;
  switch (move.kind) {
    case "fault":
      world.inject({ ...move.fault, at: START + move.fault.at - clock.now() });
      return;
    case "answer":
      return;
    case "death":
      clock.setTimer(START + move.at, () => {
        const host = sites.host(move.site);
        if (!host.alive) return;
        if (move.how === "crash") host.crashWorker();
        else if (move.how === "kill") host.kill();
        else unawaited(host.stop(), () => undefined);
      });
      return;
    case "pause": {
      const { site, owner } = move;
      const body = { owner, reason: "a release", group: GROUP };
      ask(played, { what: "pause", site, at: move.at, who: owner, body });
      if (move.liftedAt === null) return;
      ask(played, { what: "resume", site, at: move.liftedAt, who: owner, body });
      return;
    }
    case "call": {
      const { site, what, failover: kind, accepts } = move;
      const body = {
        kind,
        accepts,
        reason: "an order",
        actor: "kim",
        idempotencyKey: `${move.at}`,
      };
      ask(played, { what, site, at: move.at, who: "kim", body });
      return;
    }
    default:
      move satisfies never;
  }
}

interface Wish {
  readonly what: Order["what"];
  readonly site: string;
  /** From the start. */
  readonly at: number;
  readonly who: string;
  readonly body: object;
}

/** Somebody calls a site, and writes down what they are told. */
function ask({ clock, sites, orders }: Played, { what, site, at, who, body }: Wish): void {
  clock.setTimer(START + at, () => {
    const host = sites.host(site);
    if (!host.alive) return;
    const entry: Order = { what, who, site, at: clock.now(), answeredAt: null, status: null };
    orders.push(entry);
    const call = host.fetch({
      method: "POST",
      url: what === "failover" || what === "failback" ? `/api/${what}/${GROUP}` : `/api/${what}`,
      headers: { "x-functions-key": host.keys.host, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const heard = call.then(({ status, body }) => {
      entry.answeredAt = clock.now();
      entry.status = status;
      if (status === 409) Object.assign(entry, refusal(body));
    });
    // A host that dies meanwhile answers nobody.
    unawaited(heard, () => undefined);
  });
}

/** By which rule a call was refused, where it was a rule. */
function refusal(body: Uint8Array): Pick<Order, "refusedBy"> {
  const problem = z
    .object({ rule: z.string() })
    .safeParse(JSON.parse(new TextDecoder().decode(body)));
  return problem.success ? { refusedBy: problem.data.rule } : {};
}

/** Whoever was asked answers, once for each ask and site. */
function answerAsks(played: Played, plan: Plan): void {
  const { world, clock, orders } = played;
  const answer = plan.moves.find((move) => move.kind === "answer");
  if (answer === undefined) return;
  for (const { event, at } of world.record.sent) {
    const { token } = event.data;
    if (event.type !== "ask" || typeof token !== "string") continue;
    if (clock.now() < at + answer.afterMs || orders.some(({ who }) => who === event.id)) continue;
    for (const site of answer.sites) {
      // Under way already, though nobody has been called yet.
      const wish = { what: answer.says, site, at: clock.now() - START, who: event.id };
      ask(played, { ...wish, body: { token, actor: `somebody-at-${site}` } });
    }
    return;
  }
}
