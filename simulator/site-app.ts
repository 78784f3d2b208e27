// The app of one simulated site: everything between the Functions host and the world's edge. The sites run it
// as it is written; `npm start -- --bundle` runs it as it is deployed.

import { register } from "../functions/register.ts";
import type { Config } from "../shared/domain/group.ts";
import { createStores } from "../shared/ledger/group-ledger.ts";
import type { Ports } from "../shared/ports/ports.ts";
import { createSitePorts } from "./site-ports.ts";

/** Registers the app of the site that the configuration is read as. */
export type RegisterSite = (
  config: Config,
  /** Makes the site's ports out of the adapters that belong to this copy of the app. */
  portsOf: (create: typeof createSitePorts) => Ports,
) => void;

export const registerSite: RegisterSite = (config, portsOf) => {
  const ports = portsOf(createSitePorts);
  register({ config, ports, stores: createStores(config, ports.stores, ports.clock) });
};
