import { createFailoverGroups } from "../shared/azure/failover-groups.ts";
import { createPeers, type SendRequest } from "../shared/azure/peers.ts";
import { createSqlManagement } from "../shared/azure/sql-management.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import { createArmHttpClient } from "./azure/arm-http-client.ts";
import { createFailoverGroupsFace } from "./azure/failover-groups-face.ts";
import { createIdentityFace, createSimulatedCredential } from "./azure/identity-face.ts";
import { createInstancesFace } from "./azure/instances-face.ts";
import { createKeyPathFace } from "./azure/key-path-face.ts";
import { createMemoryStores } from "./azure/memory-store.ts";
import { createNotifierFace } from "./azure/notifier-face.ts";
import { createReferencesFace } from "./azure/references-face.ts";
import { createSignalsFace } from "./azure/signals-face.ts";
import { createSqlFace } from "./azure/sql-face.ts";
import type { World } from "./azure/world.ts";

const ARM_TIMEOUT_MS = 20_000;

/**
 * Everything one simulated site needs. `arm: "wire"` puts the real Resource Manager client and its
 * wire format between the app and the world; "port" leaves them out, for millions of steps.
 */
export function createSitePorts(
  world: World,
  site: Site,
  options: { readonly arm: "wire" | "port"; readonly send: SendRequest },
): Ports {
  let ids = 0;
  return {
    clock: world.clock,
    failoverGroups:
      options.arm === "port"
        ? createFailoverGroupsFace(world, site)
        : createFailoverGroups({
            credential: createSimulatedCredential(world, site),
            httpClient: createArmHttpClient(world, site),
            timeoutMs: ARM_TIMEOUT_MS,
            clock: world.clock,
            // Loading takes real time, which simulated time does not wait for.
            createClient: createSqlManagement,
          }),
    instances: createInstancesFace(world, site),
    keyPath: createKeyPathFace(world, site),
    sql: createSqlFace(world, site),
    references: createReferencesFace(world, site),
    peers: createPeers({ send: options.send, keyOf: () => null }),
    stores: createMemoryStores(world, site),
    notifier: createNotifierFace(world, site),
    signals: createSignalsFace(world, site),
    identity: createIdentityFace(world, site),
    newId: () => world.guid(`${site.name}-${++ids}`),
  };
}
