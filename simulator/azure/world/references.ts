import { hostOf } from "./names.ts";
import type { World } from "./world.ts";

/** How long one that answers takes to. */
export const REFERENCE_TAKES_MS = 15;

/** The site's or region's reference of that name, or null. */
export function referenceNamed(
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
