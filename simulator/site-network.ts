import type { Ways } from "../shared/azure/azure-ports.ts";
import type { SendRequest } from "../shared/azure/peers.ts";
import type { Site } from "../shared/domain/group.ts";
import { vaultAddresses } from "./azure/data/vault-service.ts";
import { createSiteFetch } from "./azure/site-fetch.ts";
import { createReferenceDial } from "./azure/tds/reference-dial.ts";
import { createTdsService } from "./azure/tds/tds-service.ts";
import { createWire } from "./azure/wire.ts";
import type { World } from "./azure/world/world.ts";

/** Every way out of one site, into the simulated Azure. */
export interface SiteNetwork extends Ways {
  /** Ends what is still connected. */
  close(): Promise<void>;
}

/**
 * The simulated Azure as one site reaches it. Its connections to instances need no socket of the machine:
 * what happens, and in which order, depends on nothing but the seed.
 */
export function createSiteNetwork(
  world: World,
  site: Site,
  options: {
    readonly send: SendRequest;
    readonly webhook: string;
    /** Keeps time still while bytes are on their way. */
    readonly hold: (work: Promise<void>) => unknown;
  },
): SiteNetwork {
  const { hold } = options;
  const tds = createTdsService(world, site, { encryption: "none", carrier: "memory", hold });
  return {
    httpClient: createWire(world, site),
    fetch: createSiteFetch(world, site, options),
    resolveName: vaultAddresses(world, site),
    dialReference: createReferenceDial(world, site),
    sql: { dial: tds.dial, encryption: tds.encryption },
    close: () => tds.close(),
  };
}
