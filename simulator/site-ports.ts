import { queryLogs } from "../shared/azure/application-ratio/logs-client.ts";
import { createFailoverGroups } from "../shared/azure/failover-groups.ts";
import { createHttpSend } from "../shared/azure/http-send.ts";
import { createCachedCredential } from "../shared/azure/identity/cached-credential.ts";
import { createIdentity } from "../shared/azure/identity.ts";
import { createInstances } from "../shared/azure/instances.ts";
import { createKeyPath } from "../shared/azure/key-path.ts";
import { createVaultClient } from "../shared/azure/key-probe/vault-client.ts";
import { createPeers, type SendRequest } from "../shared/azure/peers.ts";
import { createReferences } from "../shared/azure/references.ts";
import { createHealthClient } from "../shared/azure/resource-health/health-client.ts";
import { createSignals } from "../shared/azure/signals.ts";
import { createSession } from "../shared/azure/sql/session.ts";
import { createSql } from "../shared/azure/sql.ts";
import { createSqlManagement } from "../shared/azure/sql-management.ts";
import { createTableClient } from "../shared/azure/table-store/table-client.ts";
import { createTableStore } from "../shared/azure/table-store.ts";
import { createWebhookNotifier } from "../shared/azure/webhook-notifier.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import type { Store } from "../shared/ports/store.ts";
import { ownObjectId } from "./azure/arm/activity-service.ts";
import { tablesEndpoint } from "./azure/data/tables-service.ts";
import { createFailoverGroupsPort } from "./azure/port/failover-groups-port.ts";
import { createIdentityPort } from "./azure/port/identity-port.ts";
import { createInstancesPort } from "./azure/port/instances-port.ts";
import { createKeyPathPort } from "./azure/port/key-path-port.ts";
import { createMemoryStores } from "./azure/port/memory-store.ts";
import { createNotifierPort } from "./azure/port/notifier-port.ts";
import { createReferencesPort } from "./azure/port/references-port.ts";
import { createSignalsPort } from "./azure/port/signals-port.ts";
import { createSqlPort } from "./azure/port/sql-port.ts";
import type { World } from "./azure/world/world.ts";
import { createManagedIdentity } from "./managed-identity.ts";
import type { SiteNetwork } from "./site-network.ts";

const POST_TIMEOUT_MS = 20_000;
const READ_TIMEOUT_MS = 7_500;

/**
 * Where a simulated site meets its world: behind the ports, for millions of steps, or behind the real
 * adapters with Azure's own clients and wire formats.
 */
export type SiteEdge =
  | { readonly edge: "port"; readonly send: SendRequest }
  | {
      readonly edge: "wire";
      readonly network: SiteNetwork;
      readonly webhook: string;
      /** The function key that another site wants to see. */
      keyOf(site: Site): string | null;
    };

/** Everything one simulated site needs. */
export function createSitePorts(world: World, site: Site, options: SiteEdge): Ports {
  let ids = 0;
  const ports =
    options.edge === "wire" ? onTheWire(world, site, options) : atThePort(world, site, options);
  return { clock: world.clock, ...ports, newId: () => world.guid(`${site.name}-${++ids}`) };
}

type FromWorld = Omit<Ports, "clock" | "newId">;

function atThePort(
  world: World,
  site: Site,
  { send }: Extract<SiteEdge, { edge: "port" }>,
): FromWorld {
  return {
    failoverGroups: createFailoverGroupsPort(world, site),
    instances: createInstancesPort(world, site),
    keyPath: createKeyPathPort(world, site),
    signals: createSignalsPort(world, site),
    sql: createSqlPort(world, site),
    references: createReferencesPort(world, site),
    peers: createPeers({ send, keyOf: () => null }),
    stores: createMemoryStores(world, site),
    notifier: createNotifierPort(world, site),
    identity: createIdentityPort(world, site),
  };
}

/** As in functions/main.ts. Clients are given: loading them takes real time, for which simulated time does not wait. */
function onTheWire(
  world: World,
  site: Site,
  { network, webhook, keyOf }: Extract<SiteEdge, { edge: "wire" }>,
): FromWorld {
  const { clock } = world;
  const { httpClient } = network;
  const send = createHttpSend({ clock, fetch: network.fetch });
  const credential = createCachedCredential({
    credential: createManagedIdentity(site.name, httpClient),
    clock,
  });
  const reads = {
    ...{ credential, httpClient, timeoutMs: READ_TIMEOUT_MS, clock },
    createClient: createSqlManagement,
  };
  const makeStore = (of: Site): Store =>
    createTableStore({
      ...{ site: of.name, own: of.name === site.name, credential, clock, httpClient },
      address: { kind: "endpoint", url: tablesEndpoint(of) },
      createClient: createTableClient,
    });
  return {
    failoverGroups: createFailoverGroups({ ...reads, timeoutMs: POST_TIMEOUT_MS }),
    instances: createInstances(reads),
    keyPath: createKeyPath(reads),
    signals: createSignals({
      ...reads,
      ownIds: [ownObjectId(world)],
      resolveName: network.resolveName,
      createHealth: createHealthClient,
      askLogs: queryLogs,
      createVault: createVaultClient,
    }),
    sql: createSql({
      ...{ credential: { kind: "token", credential }, clock, createSession },
      appName: `geo-failover/${site.name}`,
      connect: network.sql,
    }),
    references: createReferences({ clock, send, dial: network.dialReference }),
    peers: createPeers({ send, keyOf }),
    stores: new Map(world.sites.map((each) => [each.name, makeStore(each)])),
    // What it logs is what it sends.
    notifier: createWebhookNotifier({
      site: site.name,
      webhook,
      send,
      clock,
      log: () => undefined,
    }),
    identity: createIdentity({ credential }),
  };
}
