import type { Site } from "../../shared/domain/group.ts";
import { createArmHttpClient } from "../../simulator/azure/arm-http-client.ts";
import { createSimulatedCredential } from "../../simulator/azure/identity-face.ts";
import type { World } from "../../simulator/azure/world.ts";

/** What puts a real adapter of one site on the simulated wire. */
export function wireOptions(world: World, site: Site) {
  return {
    credential: createSimulatedCredential(world, site),
    httpClient: createArmHttpClient(world, site),
    timeoutMs: 8_000,
    clock: world.clock,
  };
}
