import { createAzurePorts } from "../shared/azure/azure-ports.ts";
import { createPeers, type SendRequest } from "../shared/azure/peers.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
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
import { LOADED_SDKS } from "./loaded-sdks.ts";
import { createManagedIdentity } from "./managed-identity.ts";
import type { SiteNetwork } from "./site-network.ts";

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
  const own = { clock: world.clock, newId: () => world.guid(`${site.name}-${++ids}`) };
  return options.edge === "wire"
    ? onTheWire(world, site, own, options)
    : { ...own, ...atThePort(world, site, options) };
}

type Own = Pick<Ports, "clock" | "newId">;

function atThePort(
  world: World,
  site: Site,
  { send }: Extract<SiteEdge, { edge: "port" }>,
): Omit<Ports, keyof Own> {
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

/** Composed by the same lines as what deploys. */
function onTheWire(
  world: World,
  site: Site,
  own: Own,
  { network, webhook, keyOf }: Extract<SiteEdge, { edge: "wire" }>,
): Ports {
  const config = { self: site, sites: world.sites, notify: { webhook } };
  return createAzurePorts(config, {
    ...own,
    credential: createManagedIdentity(site.name, network.httpClient),
    ownIds: [ownObjectId(world)],
    addressOf: (of) => ({ kind: "endpoint", url: tablesEndpoint(of) }),
    keyOf,
    // What it logs is what it sends.
    log: () => undefined,
    ways: network,
    sdks: LOADED_SDKS,
  });
}
