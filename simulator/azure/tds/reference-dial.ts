import { namesResolve, vantageReaches } from "../world/network.ts";
import { REFERENCE_TAKES_MS, referenceNamed } from "../world/references.ts";
import type { Vantage, World } from "../world/world.ts";
import { forgotten, networkError } from "./dialling.ts";
import { linkedSockets } from "./linked-sockets.ts";

const NAME_TAKES_MS = 3;

type Dial = (
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
) => Promise<ReturnType<typeof linkedSockets>[0]>;

/** A connection to a reference target that is a host with a port. */
export function createReferenceDial(world: World, vantage: Vantage): Dial {
  return async ({ host }, signal) => {
    world.now();
    const reference = referenceNamed(world, host);
    if (reference === null || !namesResolve(world, vantage)) {
      await world.wait(NAME_TAKES_MS);
      throw networkError("ENOTFOUND");
    }
    if (reference.down || !vantageReaches(world, vantage, reference.region)) {
      await forgotten(signal);
    }
    await world.wait(REFERENCE_TAKES_MS);
    return linkedSockets()[0];
  };
}
