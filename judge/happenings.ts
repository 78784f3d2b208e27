// What the world does to the app of its own accord: alerts that call, people who answer, a work item
// that comes again, sites that go and come back.

import { unawaited } from "functions-host/unawaited";
import { GROUP } from "./judged-config.ts";
import type { JudgedSites } from "./judged-sites.ts";
import type { JudgedWorld } from "./judged-world.ts";
import { redeliver } from "./redeliver.ts";
import { PLACES, type Place } from "./sources.ts";
import type { Timeline } from "./timeline.ts";
import type { AskedAt } from "./trace.ts";

/** A person who is about to answer takes this long from being asked. */
const READS_FOR_MS = 5_000;

export interface Happenings {
  /** Somebody has been asked. */
  asked(ask: AskedAt): void;
}

/** Puts on the clock whatever the signals say will happen. */
export function scheduleHappenings(
  world: JudgedWorld,
  sites: JudgedSites,
  startAt: number,
): Happenings {
  const { clock, timeline } = world;
  const at = (atMs: number, run: () => unknown): void => {
    clock.setTimer(startAt + atMs, () => {
      const done = run();
      if (done instanceof Promise) unawaited(done, failJudging(world));
    });
  };
  for (const atMs of comingAndGoing(timeline)) at(atMs, () => sites.follow());
  const raise = (body: unknown) => post(sites, { route: `alert/${GROUP}`, body }, PLACES);
  let raised = "";
  for (const { atMs, value } of timeline.alerts.steps) {
    const [before, now] = [raised, value];
    raised = value;
    if (now === before) continue;
    if (before !== "") at(atMs, () => raise(alertBody(before, "Resolved")));
    if (now !== "") at(atMs, () => raise(alertBody(now, "Fired")));
  }
  for (const { atMs, value } of timeline.orchestrator.steps) {
    if (value.kind === "redelivered") at(atMs, () => redeliver(world, sites, value.epoch));
  }
  const operator = createOperator(world, sites);
  for (const { atMs, value } of timeline.operator.steps) at(atMs, () => operator.decide(value));
  return {
    asked: () => {
      clock.setTimer(clock.now() + READS_FOR_MS, () => operator.isAsked());
    },
  };
}

function comingAndGoing(timeline: Timeline): readonly number[] {
  const tracks = [
    ...PLACES.flatMap((place) => [
      timeline[`tds_primary@${place}`],
      timeline[`ref_probe@${place}`],
    ]),
    timeline["write_canary@A"],
    timeline.orchestrator,
  ];
  return [...new Set(tracks.flatMap(({ steps }) => steps.map(({ atMs }) => atMs)))];
}

type Mind = "none" | "approve" | "deny" | "no_response";

/** A person with one mind at a time, who answers the newest ask, or the first one that comes. */
function createOperator(world: JudgedWorld, sites: JudgedSites) {
  const { asks, answers } = world.trace;
  let pending: "approve" | "deny" | null = null;
  const answer = async (): Promise<void> => {
    const ask = asks.at(-1);
    if (pending === null || ask === undefined) return;
    const route = pending;
    pending = null;
    const atMs = world.now();
    const body = { token: ask.token, actor: "operator" };
    const status = await post(sites, { route, body }, ["B", "C", "A"], 1);
    answers.push({ atMs, answer: route, askId: ask.askId, status });
  };
  return {
    decide: (mind: Mind): void => {
      pending = mind === "approve" || mind === "deny" ? mind : null;
      unawaited(answer(), failJudging(world));
    },
    isAsked: (): void => unawaited(answer(), failJudging(world)),
  };
}

/** What the judge cannot do itself is nothing that the app did: it ends the judging. */
function failJudging(world: JudgedWorld): (because: string) => void {
  return (because) => {
    world.clock.setTimer(world.clock.now(), () => {
      throw new Error(`Cannot go on judging: ${because}`);
    });
  };
}

/** Calls an HTTP function of the first so many sites that run; answers with the last status, 0 for none. */
async function post(
  sites: JudgedSites,
  { route, body }: { readonly route: string; readonly body: unknown },
  places: readonly Place[],
  most = places.length,
): Promise<number> {
  const alive = places.map((place) => sites.host(place)).filter((host) => host.alive);
  let status = 0;
  for (const host of alive.slice(0, most)) {
    const request = {
      method: "POST",
      url: `/api/${route}`,
      headers: { "content-type": "application/json", "x-functions-key": host.keys.host },
      body: JSON.stringify(body),
    };
    status = await host.fetch(request).then(
      (answer) => answer.status,
      () => 0,
    );
  }
  return status;
}

/** News of the platform's health comes from another service than an alert of one's own. */
function alertBody(name: string, condition: "Fired" | "Resolved"): unknown {
  const service = /^(service|resource)_health/.exec(name)?.[1];
  const monitoringService =
    service === undefined
      ? "Platform"
      : service === "service"
        ? "ServiceHealth"
        : "Resource Health";
  return {
    schemaId: "azureMonitorCommonAlertSchema",
    data: {
      essentials: {
        alertId: `/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/${name}`,
        alertRule: name,
        monitorCondition: condition,
        monitoringService,
        alertTargetIDs: [],
      },
      alertContext: null,
    },
  };
}
