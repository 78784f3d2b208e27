// Many groups for hours, and one for days: does what a tick costs, and what is kept, stay as it is?

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { World } from "../simulator/azure/world/world.ts";
import type { Bench, Cell } from "./bench.ts";
import { HOUR, type MeasuredSites, MINUTE, startMeasured } from "./measured-sites.ts";
import { quantile } from "./statistics.ts";

/** The first reads of everything are over, and what is compiled late is compiled. */
const WARM_MS = 10 * MINUTE;
const SITES = 3;
const MEGABYTE = 1024 ** 2;
const TICKS_LOOKED_AT = 240;

interface Span {
  readonly groups: number;
  /** Hours after which it is looked at, in order. */
  readonly hours: readonly number[];
}

const SPANS: readonly Span[] = [
  { groups: 100, hours: [1, 2, 3, 4] },
  { groups: 1, hours: [1, 24, 48, 72] },
];

/** Runs healthy groups for so long, and looks at the last hour before each mark. */
export async function runLong({ groups, hours }: Span): Promise<readonly (readonly Cell[])[]> {
  const collect = garbageCollector();
  const measured = await startMeasured({ seed: 1, groups });
  const { world, clock, sites, startAt } = measured;
  await clock.runUntil(startAt + WARM_MS);
  const rows: (readonly Cell[])[] = [];
  for (const hour of hours) {
    const markAt = startAt + WARM_MS + hour * HOUR;
    await clock.runUntil(markAt - TICKS_LOOKED_AT * measured.config.tickMs);
    const { wallMs, cpuMs } = await timeTicks(measured);
    collect();
    const heapMb = process.memoryUsage().heapUsed / MEGABYTE;
    const [p50 = 0, p99 = 0] = [0.5, 0.99].map((share) => quantile(wallMs, share));
    rows.push([groups, hour, p50, p99, cpuMs, heapMb, rowsIn(world)]);
  }
  sites.stop();
  return rows;
}

/** What one site takes for one tick: all of them tick in the same span, one after the other in this process. */
async function timeTicks({ clock, config }: MeasuredSites): Promise<{
  readonly wallMs: readonly number[];
  readonly cpuMs: number;
}> {
  const wallMs: number[] = [];
  const before = process.cpuUsage();
  for (let tick = 0; tick < TICKS_LOOKED_AT; tick++) {
    const startedAt = performance.now();
    await clock.runUntil(clock.now() + config.tickMs);
    wallMs.push((performance.now() - startedAt) / SITES);
  }
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1000 / (TICKS_LOOKED_AT * SITES) };
}

function rowsIn(world: World): number {
  return [...world.stores.values()]
    .flatMap(({ parts }) => [...parts.values()])
    .reduce((sum, part) => sum + part.size, 0);
}

/** Node.js hides it behind a flag, which may be set while it runs. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}

export const longRun: Bench = {
  name: "long-run",
  question: "A hundred groups for four hours, one for three days: does anything grow?",
  run: async () => {
    const rows: (readonly Cell[])[] = [];
    for (const span of SPANS) rows.push(...(await runLong(span)));
    return {
      columns: [
        "healthy groups",
        "after hours",
        "wall ms of a tick, p50",
        "p99",
        "CPU ms of a tick",
        "heap MB",
        "rows in all stores",
      ],
      rows,
      notes: [
        "One site's tick, with the simulated Azure behind the ports in the same process: its CPU and heap are in the figures, the SDKs' are not.",
        "Times are of the hour before each mark, the heap after a full collection. The world keeps a record of its own, which a site does not.",
      ],
    };
  },
};
