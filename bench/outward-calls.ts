import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import type { SendRequest } from "../shared/azure/peers.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import type { World } from "../simulator/azure/world/world.ts";
import type { Fault } from "../simulator/faults.ts";
import { createSiteNetwork } from "../simulator/site-network.ts";
import { createSitePorts } from "../simulator/site-ports.ts";
import { incidentIn } from "../test/support/stored.ts";
import type { Bench, Cell } from "./bench.ts";
import { HOUR, MINUTE, startMeasured } from "./measured-sites.ts";

const WARM_MS = 10 * MINUTE;
const SITES = 3;

/** Resource Manager since 2024: tokens per second and principal in one subscription, for reads and for writes. */
const ARM_READS_PER_HOUR = 25 * 3_600;
const ARM_WRITES_PER_HOUR = 10 * 3_600;

const WEBHOOK = "https://hooks.example.net/bench";
const ARM_READS = "reads of Resource Manager";

interface Counted {
  /** Requests over HTTP of all sites for one group, by method and by whom they were sent to. */
  readonly calls: ReadonlyMap<string, number>;
  /** Of those, reads of Resource Manager by site. */
  readonly armReads: ReadonlyMap<string, number>;
  /** Decisions of the incident that was open meanwhile. */
  readonly rounds: number;
}

/** How the primary is lost: alone, or with its region, about which nothing can be read then. */
const LOST = {
  healthy: [],
  "instance-lost": [{ fault: "instance-down", on: "home", at: WARM_MS }],
  "region-lost": [{ fault: "region-dark", region: "westeurope", at: WARM_MS }],
} as const satisfies Record<string, readonly Fault[]>;
export type Span = keyof typeof LOST;

/** Counts on the wire, under the SDKs of Azure, what all sites send in so long. */
export async function countCalls(span: Span, ms: number): Promise<Counted> {
  const calls = new Map<string, number>();
  const armReads = new Map<string, number>();
  let counting = false;
  const add = (to: Map<string, number>, key: string): void => {
    if (counting) to.set(key, (to.get(key) ?? 0) + 1);
  };
  const count = (site: Site, { method, url }: PipelineRequest): void => {
    const kind = `${method === "GET" ? "reads" : "writes"} of ${partyOf(url)}`;
    add(calls, kind);
    if (kind === ARM_READS) add(armReads, site.name);
  };
  const { world, clock, sites, startAt } = await startMeasured({
    seed: 1,
    // Nobody answers: the incident stays open and goes on looking.
    policy: { mode: span === "healthy" ? "automatic" : "approve" },
    faults: LOST[span],
    portsOf: (its, site, send) =>
      azureOnTheWire(its, site, send, (request) => count(site, request)),
  });
  await clock.runUntil(startAt + WARM_MS);
  if (span !== "healthy") await clock.runUntil(() => incidentIn(world) !== null);
  counting = true;
  const decidedAt = new Set<number>();
  const endAt = clock.now() + ms;
  await clock.runUntil(() => {
    const at = incidentIn(world)?.decidedAt ?? null;
    if (at !== null) decidedAt.add(at);
    return clock.now() >= endAt;
  });
  sites.stop();
  return { calls, armReads, rounds: decidedAt.size };
}

/** SQL and the ledger stay at the port: on the wire an hour of them takes minutes. */
export function azureOnTheWire(
  world: World,
  site: Site,
  send: SendRequest,
  count: (request: PipelineRequest, status: number) => void,
): Ports {
  const own = createSiteNetwork(world, site, { send, webhook: WEBHOOK, hold: () => undefined });
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const answer = own.httpClient.sendRequest(request);
      const { status } = await answer.catch(() => ({ status: 0 }));
      count(request, status);
      return answer;
    },
  };
  const network = { ...own, httpClient };
  const wire = createSitePorts(world, site, {
    edge: "wire",
    network,
    webhook: WEBHOOK,
    keyOf: () => null,
  });
  const { failoverGroups, instances, keyPath, signals } = wire;
  const port = createSitePorts(world, site, { edge: "port", send });
  return { ...port, failoverGroups, instances, keyPath, signals };
}

/** Whose host that is, for the table. */
function partyOf(url: string): string {
  const { hostname } = new URL(url);
  if (hostname === "management.azure.com") return "Resource Manager";
  if (hostname.includes("vault")) return "Key Vault";
  if (hostname.includes("loganalytics")) return "Log Analytics";
  return "others";
}

/** Of one site in one round of an incident. */
export function readsARound({ armReads, rounds }: Counted, site: string): number {
  return (armReads.get(site) ?? 0) / rounds;
}

export const outwardCalls: Bench = {
  name: "outward-calls",
  question:
    "How many requests does one group cost, and how near are they to Resource Manager's limits?",
  run: async () => {
    const healthy = await countCalls("healthy", HOUR);
    const incidents = [
      await countCalls("instance-lost", HOUR / 4),
      await countCalls("region-lost", HOUR / 4),
    ];
    const perHour = (of: Counted, kind: string): number => (of.calls.get(kind) ?? 0) * 4;
    const kinds = [
      ...new Set([healthy, ...incidents].flatMap(({ calls }) => [...calls.keys()])),
    ].sort();
    const most = (kind: string): number => Math.max(...incidents.map((of) => perHour(of, kind)));
    return {
      columns: [
        "requests per group-hour",
        "healthy",
        "incident open, instance lost",
        "incident open, region lost",
        "groups to the limit, all in incidents",
      ],
      rows: [
        ...kinds.map((kind): readonly Cell[] => [
          kind,
          healthy.calls.get(kind) ?? 0,
          ...incidents.map((of) => perHour(of, kind)),
          groupsToLimit(kind, most(kind)),
        ]),
        ...["neu", "sec", "weu"].map((site): readonly Cell[] => [
          `reads of Resource Manager a round, site ${site}${site === "neu" ? ", which leads" : ""}`,
          "–",
          ...incidents.map((of) => readsARound(of, site)),
          "–",
        ]),
      ],
      notes: [
        `Counted at ${SITES} sites together, on the wire under the SDKs; the open incident waits for a person, and a quarter of an hour of it is counted.`,
        "Resource Manager refills 25 reads and 10 writes a second per principal and subscription (buckets of 250 and 200). Nearly all requests of an incident are the leading site's, so one principal's; a lost region opens the incidents of all its groups at once.",
        "Writes are whatever is no GET: key checks here, unwrapping a key at the vault.",
        "SQL is not HTTP, and what the ledger costs is counted by durable-cost: neither is in the table.",
      ],
    };
  },
};

function groupsToLimit(kind: string, perHour: number): Cell {
  if (!kind.endsWith("Resource Manager")) return "–";
  return (kind.startsWith("reads") ? ARM_READS_PER_HOUR : ARM_WRITES_PER_HOUR) / perHour;
}
