import type { SendRequest } from "../../shared/azure/peers.ts";
import type { Site } from "../../shared/domain/group.ts";
import { vantageReaches } from "../../simulator/azure/world/network.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { tellLies } from "../../simulator/lying-peers.ts";

/** Apps of the sites, by where they said that they listen. */
export type Apps = Map<string, string>;

const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "host",
  "transfer-encoding",
]);

/** HTTP from one site to the others: through the world's network, to wherever on this machine their apps listen. */
export function createSendToApps(world: World, from: Site, apps: Apps): SendRequest {
  return async ({ url, method, headers, timeoutMs }) => {
    const site = world.sites.find((each) => url.startsWith(`${each.url}/`));
    const at = site === undefined ? undefined : apps.get(site.name);
    world.now();
    if (site === undefined || at === undefined || !vantageReaches(world, from, site.region)) {
      await world.wait(timeoutMs);
      throw new Error("Cannot send: no answer");
    }
    const carried = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
    const signal = AbortSignal.timeout(timeoutMs);
    const path = url.slice(site.url.length);
    const answer = await fetch(`http://${at}${path}`, { method, headers: carried, signal });
    return { status: answer.status, text: tellLies(world, site, await answer.text()) };
  };
}
