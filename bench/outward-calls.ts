import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import type { SendRequest } from "../shared/azure/peers.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import type { World } from "../simulator/azure/world/world.ts";
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

type Span = "healthy" | "open-incident";

/** Requests over HTTP of all sites for one group, by method and by whom they were sent to. */
export type Calls = ReadonlyMap<string, number>;

/** Counts on the wire, under the SDKs of Azure, what all sites send in so long. */
export async function countCalls(span: Span, ms: number): Promise<Calls> {
  const calls = new Map<string, number>();
  let counting = false;
  const count = ({ method, url }: { readonly method: string; readonly url: string }): void => {
    const kind = `${method === "GET" ? "reads" : "writes"} of ${partyOf(url)}`;
    if (counting) calls.set(kind, (calls.get(kind) ?? 0) + 1);
  };
  const { world, clock, sites, startAt } = await startMeasured({
    seed: 1,
    // Nobody answers: the incident stays open and goes on looking.
    policy: { mode: span === "healthy" ? "automatic" : "approve" },
    faults: span === "healthy" ? [] : [{ fault: "instance-down", on: "home", at: WARM_MS }],
    portsOf: (its, site, send) => azureOnTheWire(its, site, send, count),
  });
  await clock.runUntil(startAt + WARM_MS);
  if (span === "open-incident") await clock.runUntil(() => incidentIn(world) !== null);
  counting = true;
  await clock.runUntil(clock.now() + ms);
  sites.stop();
  return calls;
}

/** SQL and the ledger stay at the port: on the wire an hour of them takes minutes. */
function azureOnTheWire(
  world: World,
  site: Site,
  send: SendRequest,
  count: (request: PipelineRequest) => void,
): Ports {
  const own = createSiteNetwork(world, site, { send, webhook: WEBHOOK, hold: () => undefined });
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      count(request);
      return own.httpClient.sendRequest(request);
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

export const outwardCalls: Bench = {
  name: "outward-calls",
  question:
    "How many requests does one group cost, and how near are they to Resource Manager's limits?",
  run: async () => {
    const healthy = await countCalls("healthy", HOUR);
    const quarter = await countCalls("open-incident", HOUR / 4);
    const incident = new Map([...quarter].map(([kind, count]) => [kind, 4 * count] as const));
    const kinds = [...new Set([...healthy.keys(), ...incident.keys()])].sort();
    return {
      columns: [
        "requests per group-hour",
        "healthy",
        "incident open",
        "groups to the limit, all in incidents",
      ],
      rows: kinds.map((kind): readonly Cell[] => [
        kind,
        healthy.get(kind) ?? 0,
        incident.get(kind) ?? 0,
        groupsToLimit(kind, incident.get(kind) ?? 0),
      ]),
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
