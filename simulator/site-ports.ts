import { queryLogs } from "../shared/azure/application-ratio/logs-client.ts";
import { createFailoverGroups } from "../shared/azure/failover-groups.ts";
import { createInstances } from "../shared/azure/instances.ts";
import { createKeyPath } from "../shared/azure/key-path.ts";
import { createVaultClient } from "../shared/azure/key-probe/vault-client.ts";
import { createPeers, type SendRequest } from "../shared/azure/peers.ts";
import { createHealthClient } from "../shared/azure/resource-health/health-client.ts";
import { createSignals } from "../shared/azure/signals.ts";
import { createSqlManagement } from "../shared/azure/sql-management.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import { ownObjectId } from "./azure/activity-face.ts";
import { createFailoverGroupsFace } from "./azure/failover-groups-face.ts";
import { createIdentityFace, createSimulatedCredential } from "./azure/identity-face.ts";
import { createInstancesFace } from "./azure/instances-face.ts";
import { createKeyPathFace } from "./azure/key-path-face.ts";
import { createMemoryStores } from "./azure/memory-store.ts";
import { createNotifierFace } from "./azure/notifier-face.ts";
import { createReferencesFace } from "./azure/references-face.ts";
import { createSignalsFace } from "./azure/signals-face.ts";
import { createSqlFace } from "./azure/sql-face.ts";
import { vaultAddresses } from "./azure/vault-face.ts";
import { createWire } from "./azure/wire.ts";
import type { World } from "./azure/world.ts";

const POST_TIMEOUT_MS = 20_000;
const READ_TIMEOUT_MS = 7_500;

/**
 * Everything one simulated site needs. `arm: "wire"` puts Azure's own clients and wire formats
 * between the app and the world; "port" leaves them out, for millions of steps.
 */
export function createSitePorts(
  world: World,
  site: Site,
  options: { readonly arm: "wire" | "port"; readonly send: SendRequest },
): Ports {
  let ids = 0;
  return {
    clock: world.clock,
    ...(options.arm === "wire" ? onTheWire(world, site) : atThePort(world, site)),
    sql: createSqlFace(world, site),
    references: createReferencesFace(world, site),
    peers: createPeers({ send: options.send, keyOf: () => null }),
    stores: createMemoryStores(world, site),
    notifier: createNotifierFace(world, site),
    identity: createIdentityFace(world, site),
    newId: () => world.guid(`${site.name}-${++ids}`),
  };
}

type FromAzure = Pick<Ports, "failoverGroups" | "instances" | "keyPath" | "signals">;

function atThePort(world: World, site: Site): FromAzure {
  return {
    failoverGroups: createFailoverGroupsFace(world, site),
    instances: createInstancesFace(world, site),
    keyPath: createKeyPathFace(world, site),
    signals: createSignalsFace(world, site),
  };
}

/** The clients are given: loading them takes real time, which simulated time does not wait for. */
function onTheWire(world: World, site: Site): FromAzure {
  const wire = {
    credential: createSimulatedCredential(world, site),
    httpClient: createWire(world, site),
    timeoutMs: READ_TIMEOUT_MS,
    clock: world.clock,
    createClient: createSqlManagement,
  };
  return {
    failoverGroups: createFailoverGroups({ ...wire, timeoutMs: POST_TIMEOUT_MS }),
    instances: createInstances(wire),
    keyPath: createKeyPath(wire),
    signals: createSignals({
      ...wire,
      ownIds: [ownObjectId(world)],
      resolveName: vaultAddresses(world, site),
      createHealth: createHealthClient,
      askLogs: queryLogs,
      createVault: createVaultClient,
    }),
  };
}
