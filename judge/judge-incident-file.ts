import { VirtualClock } from "functions-host/clock";
import type { Policy } from "../shared/domain/policy.ts";
import type { Notifier } from "../shared/ports/notifier.ts";
import { countMessages, findCrowding, type MessageCounts } from "../simulator/find-crowding.ts";
import { compareExpected } from "./compare-expected.ts";
import { scheduleHappenings } from "./happenings.ts";
import type { Expected, IncidentFile } from "./incident-file.ts";
import { createJudgedConfig } from "./judged-config.ts";
import { type JudgedSites, startJudgedSites } from "./judged-sites.ts";
import { createJudgedWorld, type JudgedWorld } from "./judged-world.ts";
import { createOwnFailovers } from "./own-failovers.ts";
import { quietUntil } from "./quiet.ts";
import { createRowRecorder, type RowRecorder } from "./record-rows.ts";
import { createShelf } from "./recorded-store.ts";
import { seedAway, startsAway } from "./seed-away.ts";
import type { Place } from "./sources.ts";
import type { AskedAt, Trace } from "./trace.ts";
import { type Outcome, readVerdict } from "./verdict.ts";

/** A Tuesday, nine in the morning. */
const START_AT = Date.UTC(2026, 2, 3, 9);
/** By now every site has looked, read the roles and had the key path proven. */
const WARM_UP_MS = 90_000;
/** What follows an accepted forced request is no longer about whether to act. */
const AFTERWARDS_MS = 60_000;
const STRETCH_MS = 60_000;

export interface JudgeOptions {
  /** Of hosts, ids and flaky looks. */
  readonly seed?: number;
  /** As under `defaults` in the product's configuration; they win over the incident file's own. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Put into the policy past the checks of the configuration. */
  readonly policy?: Partial<Policy>;
  readonly siteNames?: Readonly<Record<Place, string>>;
  /** Names of further vantages that never report. They count in the quorum. */
  readonly abstaining?: readonly string[];
  /** How wrong the clock of each site is. */
  readonly skewMs?: Partial<Readonly<Record<Place, number>>>;
  /** Leave nothing out: neither quiet stretches nor what follows once the outcome is certain. */
  readonly toTheEnd?: boolean;
}

/** One line of the judgement. */
export interface JudgeResult extends Outcome {
  readonly id: string;
  readonly expected: Expected | null;
  /** Null where nothing was expected. */
  readonly ok: boolean | null;
  /** What anybody was sent, and where that was too much. */
  readonly sent: MessageCounts;
  readonly crowded: readonly string[];
}

export interface Judged {
  readonly result: JudgeResult;
  readonly trace: Trace;
}

/** Lets one incident happen to the whole app, and says what it did about it. */
export async function judgeIncidentFile(
  incidentFile: IncidentFile,
  options: JudgeOptions = {},
): Promise<Judged> {
  const { seed = 1, skewMs = {}, toTheEnd = false } = options;
  const clock = new VirtualClock(START_AT - WARM_UP_MS);
  const judged = createJudgedConfig(incidentFile.config, options);
  const { probeTimeoutMs } = judged.group.policy;
  const world = createJudgedWorld(incidentFile, { clock, startAt: START_AT, seed, probeTimeoutMs });
  const recorder = createRowRecorder(world.trace, world.now);
  const shelves = new Map(
    judged.config.sites.map(({ name }) => [name, createShelf(name, recorder.note)] as const),
  );
  const listeners: ((ask: AskedAt) => void)[] = [];
  const sites = await startJudgedSites({
    world,
    judged,
    ours: createOwnFailovers(world),
    shelves,
    notifier: createNotifier(world, listeners),
    startAt: START_AT,
    seed,
    skewMs,
  });
  const happenings = scheduleHappenings(world, sites, START_AT);
  listeners.push(happenings.asked);
  try {
    await run({ world, clock, sites, recorder, toTheEnd });
  } finally {
    sites.stop();
  }
  const outcome = readVerdict(world.trace, incidentFile.expected);
  const delivered = world.trace.events.map(({ atMs: at, event }) => ({ at, event }));
  const crowded = findCrowding(delivered);
  const ok = compareExpected(incidentFile, outcome);
  const result = {
    id: incidentFile.id,
    ...outcome,
    expected: incidentFile.expected,
    ok,
    sent: countMessages(delivered),
    crowded,
  };
  return { result, trace: world.trace };
}

interface Run {
  readonly world: JudgedWorld;
  readonly clock: VirtualClock;
  readonly sites: JudgedSites;
  readonly recorder: RowRecorder;
  readonly toTheEnd: boolean;
}

async function run({ world, clock, sites, recorder, toTheEnd }: Run): Promise<void> {
  await clock.runUntil(START_AT);
  if (startsAway(world)) await seedAway(world, sites);
  const endAt = START_AT + world.incidentFile.durationMs;
  while (clock.now() < endAt) {
    await clock.runUntil(Math.min(clock.now() + STRETCH_MS, endAt));
    if (toTheEnd) continue;
    if (isCertain(world)) return;
    const quiet = quietUntil(world, recorder.busy());
    if (quiet === null) continue;
    await stopAll(clock, sites);
    await clock.runUntil(START_AT + quiet);
    await sites.follow();
  }
}

/** A host that has work under way needs some time of its clock to stop. */
async function stopAll(clock: VirtualClock, sites: JudgedSites): Promise<void> {
  let stopped = false;
  const stopping = sites.pause().finally(() => {
    stopped = true;
  });
  await clock.runUntil(() => stopped);
  await stopping;
}

function isCertain({ trace, now }: JudgedWorld): boolean {
  return trace.posts.some(
    ({ kind, answer, atMs }) =>
      kind === "forced" && answer === "accepted" && now() - atMs >= AFTERWARDS_MS,
  );
}

/** Whoever is told has been told: the way to people is no part of an incident. */
function createNotifier(
  { trace, now }: JudgedWorld,
  listeners: readonly ((ask: AskedAt) => void)[],
): Notifier {
  return {
    send: async (event) => {
      const atMs = now();
      trace.events.push({ atMs, event });
      if (event.type !== "ask") return "sent";
      const { incidentId, id, data } = event;
      const last = trace.decisions.findLast((decided) => decided.incidentId === incidentId);
      const ask = {
        askId: id.replace("~ask~", "~"),
        token: String(data.token),
        atMs,
        incidentId,
        decision: last?.decision ?? null,
        withdrawnAtMs: null,
      };
      trace.asks.push(ask);
      for (const listener of listeners) listener(ask);
      return "sent";
    },
  };
}
