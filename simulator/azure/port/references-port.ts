import type { References } from "../../../shared/ports/references.ts";
import { namesResolve, vantageReaches } from "../world/network.ts";
import { REFERENCE_TAKES_MS, referenceNamed } from "../world/references.ts";
import type { Vantage, World } from "../world/world.ts";

/** The reference targets of sites and regions as one site reaches them. */
export function createReferencesPort(world: World, vantage: Vantage): References {
  return {
    reach: async (target, timeoutMs) => {
      world.now();
      const reference = referenceNamed(world, target);
      const answers =
        reference !== null &&
        namesResolve(world, vantage) &&
        vantageReaches(world, vantage, reference.region) &&
        !reference.down;
      await world.wait(answers ? Math.min(REFERENCE_TAKES_MS, timeoutMs) : timeoutMs);
      return answers && REFERENCE_TAKES_MS < timeoutMs ? "ok" : "failed";
    },
  };
}
