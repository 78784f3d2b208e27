import { startHost } from "functions-host";
import { VirtualClock } from "functions-host/clock";
import HOST_JSON from "../host.json" with { type: "json" };
import type { World } from "../simulator/azure/world/world.ts";
import type { Fault } from "../simulator/faults.ts";
import { createSitePorts } from "../simulator/site-ports.ts";
import { GROUP, START } from "../test/support/simulated-sites.ts";
import { incidentIn } from "../test/support/stored.ts";
import type { Bench, Cell } from "./bench.ts";
import { addCounts, CountingHub, type HubCounts, storageRequests } from "./counting-hub.ts";
import {
  countingStores,
  type LedgerCounts,
  noCounts,
  type SplitCounts,
} from "./counting-stores.ts";
import { registerMonitor, startUrl } from "./eternal-monitor.ts";
import { GRACE_MS, HOUR, MINUTE, SECOND, startMeasured } from "./measured-sites.ts";

/** Long enough for the first reads of everything to be over. */
const WARM_MS = 10 * MINUTE;
const SITES = 3;
/** As long as the simulated Azure takes. */
const SWITCH_MS = 25 * SECOND;

export interface Cost {
  readonly hub: HubCounts;
  readonly ledger: SplitCounts;
}

/** What all three sites store for one group in a span of time, or from a loss until its incident is closed. */
export async function costOfApp(
  span:
    | { readonly kind: "healthy"; readonly ms: number }
    | { readonly kind: "lost"; readonly forMs?: number }
    | { readonly kind: "blips"; readonly count: number; readonly everyMs: number },
  /** Puts rows into the stores before anything is counted. */
  prepare: (world: World) => void = () => undefined,
): Promise<Cost & { readonly tookMs: number; readonly rowsRead: number }> {
  const hubs: CountingHub[] = [];
  const ledger = noCounts();
  const { world, clock, sites, startAt } = await startMeasured({
    seed: 1,
    faults: faultsOf(span),
    hubOf: () => {
      const hub = new CountingHub();
      hubs.push(hub);
      return hub;
    },
    portsOf: (its, site, send) =>
      countingStores(createSitePorts(its, site, { edge: "port", send }), ledger),
  });
  await clock.runUntil(startAt + WARM_MS);
  prepare(world);
  const rowsBefore = ledger.rows.read;
  const before = {
    hub: addCounts(hubs.map(({ counts }) => counts)),
    ledger: structuredClone(ledger),
  };
  if (span.kind === "healthy") await clock.runUntil(clock.now() + span.ms);
  else if (span.kind === "blips") await clock.runUntil(clock.now() + span.count * span.everyMs);
  else await clock.runUntil(() => (incidentIn(world)?.closedAt ?? null) !== null);
  sites.stop();
  const after = { hub: addCounts(hubs.map(({ counts }) => counts)), ledger };
  const tookMs = clock.now() - startAt - WARM_MS;
  return { ...difference(after, before), tookMs, rowsRead: ledger.rows.read - rowsBefore };
}

const BLIP_MS = 45 * SECOND;

function faultsOf(span: Parameters<typeof costOfApp>[0]): readonly Fault[] {
  switch (span.kind) {
    case "healthy":
      return [];
    case "lost":
      return [lossOf(span.forMs)];
    case "blips":
      return Array.from({ length: span.count }, (_, n) => ({
        ...lossOf(BLIP_MS),
        at: WARM_MS + n * span.everyMs + MINUTE,
      }));
    default:
      return span satisfies never;
  }
}

function lossOf(forMs: number | undefined): Fault {
  const fault = { fault: "instance-down", on: "home", at: WARM_MS } as const;
  return forMs === undefined ? fault : { ...fault, for: forMs };
}

function difference(after: Cost, before: Cost): Cost {
  return {
    hub: {
      turns: after.hub.turns - before.hub.turns,
      events: after.hub.events - before.hub.events,
      messages: after.hub.messages - before.hub.messages,
      activities: after.hub.activities - before.hub.activities,
    },
    ledger: {
      groups: since(after.ledger.groups, before.ledger.groups),
      sites: since(after.ledger.sites, before.ledger.sites),
      rows: { read: after.ledger.rows.read - before.ledger.rows.read },
    },
  };
}

function since(after: LedgerCounts, before: LedgerCounts): LedgerCounts {
  return { reads: after.reads - before.reads, writes: after.writes - before.writes };
}

/** The same of the eternal monitor at one of three sites; only one of them acts, so an incident is counted at it. */
export async function costOfMonitor(ms: number, lost: boolean): Promise<HubCounts> {
  const clock = new VirtualClock(START);
  const hub = new CountingHub();
  let actedAt: number | null = null;
  const host = await startHost({
    name: "monitor",
    app: {
      kind: "registered",
      register: () =>
        registerMonitor({
          isDown: async () => lost && actedAt === null,
          failOver: async () => {
            actedAt = clock.now();
          },
          hasMoved: async () => actedAt !== null && clock.now() - actedAt >= SWITCH_MS,
        }),
    },
    hostJson: HOST_JSON,
    clock,
    seed: 1,
    store: hub,
  });
  const answer = host.fetch({
    method: "POST",
    url: startUrl(GROUP),
    headers: { "content-type": "application/json", "x-functions-key": host.keys.system },
    body: JSON.stringify({ group: GROUP, graceMs: GRACE_MS, downSinceAt: null }),
  });
  await clock.runUntil(START + ms);
  if ((await answer).status !== 202) throw new Error("Cannot start the monitor: not accepted");
  host.kill();
  return hub.counts;
}

export const durableCost: Bench = {
  name: "durable-cost",
  question: "What does one group cost in durable history and storage, at three sites together?",
  run: async () => {
    const [healthy, incident, blip] = [
      await costOfApp({ kind: "healthy", ms: HOUR }),
      await costOfApp({ kind: "lost" }),
      await costOfApp({ kind: "lost", forMs: 90 * SECOND }),
    ];
    const hour = times(await costOfMonitor(HOUR, false), SITES);
    const monitored = await costOfMonitor(incident.tookMs, true);
    return {
      columns: [
        "per group",
        "history events",
        "durable requests",
        "reads of the group",
        "writes of the group",
        "reads of the sites",
        "writes of the sites",
        "all requests",
      ],
      rows: [
        appRow("healthy hour", healthy),
        monitorRow("healthy hour, eternal monitor", hour),
        appRow(`failover, ${minutes(incident.tookMs)} from loss to closed`, incident),
        monitorRow("failover, eternal monitor, same time, one site", monitored),
        appRow(`90 s without a failover, ${minutes(blip.tookMs)} to closed`, blip),
      ],
      notes: [
        "Durable requests are a model: 3 per turn, 2 per message, 2 per activity, fitted to 280 requests seen on the real host. Ledger requests are counted.",
        "A host asks its queues and leases all the time, whatever runs on it: 48 requests a minute were seen on an idle one. Not in the table; the same for both.",
        "The monitor keeps all it knows in its own input and shares no look with another site: a real one would store more.",
      ],
    };
  },
};

function times(counts: HubCounts, by: number): HubCounts {
  return addCounts(Array.from({ length: by }, () => counts));
}

function appRow(what: string, { hub, ledger }: Cost): readonly Cell[] {
  const durable = storageRequests(hub);
  const { groups, sites } = ledger;
  const counts = [groups.reads, groups.writes, sites.reads, sites.writes];
  const all = counts.reduce((sum, count) => sum + count, durable);
  return [what, hub.events, durable, ...counts, all];
}

function monitorRow(what: string, hub: HubCounts): readonly Cell[] {
  return [what, hub.events, storageRequests(hub), 0, 0, 0, 0, storageRequests(hub)];
}

function minutes(ms: number): string {
  return `${(ms / MINUTE).toFixed(1)} min`;
}
