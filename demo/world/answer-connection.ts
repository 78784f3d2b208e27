import { vaultAddresses } from "../../simulator/azure/data/vault-service.ts";
import { forgotten, networkError } from "../../simulator/azure/tds/dialling.ts";
import { createReferenceDial } from "../../simulator/azure/tds/reference-dial.ts";
import { passNetwork } from "../../simulator/azure/tds/tds-service.ts";
import { serverNamed } from "../../simulator/azure/world/names.ts";
import { namesResolve, vantageReaches } from "../../simulator/azure/world/network.ts";
import { referenceNamed } from "../../simulator/azure/world/references.ts";
import type { Vantage, World } from "../../simulator/azure/world/world.ts";

/** What the network says before any server hears of it. Both throw with its code, and hang where it is silent. */
export interface Connections {
  /** The address of a name: the same one to every site. */
  addressOf(vantage: Vantage, host: string): Promise<{ readonly address: string }>;
  /** Ends when there is a way to a name or an address. */
  passTo(vantage: Vantage, host: string, signal: AbortSignal): Promise<object>;
}

const VAULT = /\.vault\.azure\.net$/;

/** The network of the simulated Azure, for names that it knows. */
export function createConnections(
  world: World,
  hosts: readonly string[],
  say: (line: string) => void,
): Connections {
  const addressed: string[] = [];
  const unknown = new Set<string>();
  const isNamed = (host: string): boolean =>
    VAULT.test(host) ||
    hosts.includes(host) ||
    serverNamed(world, host) !== null ||
    referenceNamed(world, host) !== null;

  const nameOf = (host: string): string =>
    addressed.find((_, index) => addressAt(index) === host) ?? host;
  /** Throws at a name that leads nowhere. */
  const resolveName = (vantage: Vantage, host: string): void => {
    world.now();
    if (!isNamed(host)) {
      if (!unknown.has(host)) say(`${vantage.name} asks for ${host}, which is not in this world`);
      unknown.add(host);
      throw networkError("ENOTFOUND");
    }
    if (!namesResolve(world, vantage)) throw networkError("ENOTFOUND");
  };

  return {
    addressOf: async (vantage, host) => {
      resolveName(vantage, host);
      if (VAULT.test(host)) {
        const [address = ""] = await vaultAddresses(world, vantage)(host);
        return { address };
      }
      if (!addressed.includes(host)) addressed.push(host);
      return { address: addressAt(addressed.indexOf(host)) };
    },
    passTo: async (vantage, host, signal) => {
      const name = nameOf(host);
      resolveName(vantage, name);
      if (serverNamed(world, name) !== null) await passNetwork(world, vantage, name, signal);
      else if (referenceNamed(world, name) !== null) {
        await createReferenceDial(world, vantage)({ host: name, port: 0 }, signal);
      } else if (!vantageReaches(world, vantage, vantage.region)) await forgotten(signal);
      return {};
    },
  };
}

/** Of a network that is for measuring: these addresses are nobody's. */
function addressAt(index: number): string {
  return `198.18.${Math.floor(index / 256)}.${index % 256}`;
}
