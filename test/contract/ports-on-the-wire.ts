import type { Site } from "../../shared/domain/group.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import { createSiteNetwork, type SiteNetwork } from "../../simulator/site-network.ts";
import { createSitePorts } from "../../simulator/site-ports.ts";
import type { Lab } from "./world-under-test.ts";

export const WEBHOOK = "https://hooks.example.net/geo-failover";

type Send = Parameters<typeof createSiteNetwork>[2]["send"];

const nobody: Send = () => Promise.reject(new Error("Cannot send: no answer"));

/** What one site has in `npm start`: the real adapters, with the simulated Azure at the other end. */
export function portsOnTheWire(
  { world, clock }: Pick<Lab, "world" | "clock">,
  site: Site,
  {
    send = nobody,
    watch = (own) => own,
  }: { readonly send?: Send; readonly watch?: (own: SiteNetwork) => SiteNetwork } = {},
): Ports {
  const hold = (work: Promise<void>): unknown => clock.hold(work);
  const network = watch(createSiteNetwork(world, site, { send, webhook: WEBHOOK, hold }));
  const keyOf = ({ name }: Site): string => `key-of-${name}`;
  return createSitePorts(world, site, { edge: "wire", network, webhook: WEBHOOK, keyOf });
}
