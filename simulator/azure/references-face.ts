import type { References } from "../../shared/ports/references.ts";
import { hostOf } from "./names.ts";
import { namesResolve, vantageReaches } from "./network.ts";
import type { Vantage, World } from "./world.ts";

const REFERENCE_TAKES_MS = 15;

/** The reference targets of sites and regions as one site reaches them. */
export function createReferencesFace(world: World, vantage: Vantage): References {
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

function referenceNamed(
  world: World,
  target: string,
): { readonly region: string; readonly down: boolean } | null {
  const host = hostOfReference(target);
  for (const site of world.sites) {
    if (site.reference === null || hostOfReference(site.reference) !== host) continue;
    const down = world.faults("reference-down").some((fault) => fault.site === site.name);
    return { region: site.region, down };
  }
  for (const { group } of world.groups.values()) {
    for (const { regionReference, region } of [group.home, group.partner]) {
      if (regionReference === null || hostOfReference(regionReference) !== host) continue;
      const faults = world.faults("region-reference-down");
      return { region, down: faults.some((fault) => fault.region === region) };
    }
  }
  return null;
}

function hostOfReference(target: string): string {
  return URL.canParse(target) && target.includes("://") ? new URL(target).host : hostOf(target);
}
