import type { Vantage, World } from "./world.ts";

export function regionDark(world: World, region: string): boolean {
  return world.faults("region-dark").some((fault) => fault.region === region);
}

export function regionIsolated(world: World, region: string): boolean {
  return world.faults("region-isolated").some((fault) => fault.region === region);
}

/** Do connections from one region to another get an answer? */
export function reaches(world: World, from: string, to: string): boolean {
  if (regionDark(world, from) || regionDark(world, to)) return false;
  if (from === to) return true;
  if (regionIsolated(world, from) || regionIsolated(world, to)) return false;
  return !world.faults("partition").some((fault) => fault.from === from && fault.to === to);
}

/** Does a connection from a site to a region get an answer? */
export function vantageReaches(world: World, vantage: Vantage, region: string): boolean {
  return !vantageBlind(world, vantage) && reaches(world, vantage.region, region);
}

/** A site that can reach nothing, whatever is wrong elsewhere. */
export function vantageBlind(world: World, vantage: Vantage): boolean {
  return world.faults("vantage-blind").some((fault) => fault.site === vantage.name);
}

/** Can what is not in that region (the control plane, users) reach it? */
export function reachedFromOutside(world: World, region: string): boolean {
  return !regionDark(world, region) && !regionIsolated(world, region);
}

export function namesResolve(world: World, vantage: Vantage): boolean {
  return !world
    .faults("dns-fail")
    .some((fault) => fault.from === undefined || fault.from === vantage.region);
}
