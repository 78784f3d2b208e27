import type { Site } from "../../shared/domain/group.ts";
import { createArmHttpClient } from "../../simulator/azure/arm/arm-http-client.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import type { World } from "../../simulator/azure/world/world.ts";

/** What puts a real adapter of one site on the simulated wire. */
export function wireOptions(world: World, site: Site) {
  return {
    credential: createSimulatedCredential(world, site),
    httpClient: createArmHttpClient(world, site),
    timeoutMs: 8_000,
    clock: world.clock,
  };
}
