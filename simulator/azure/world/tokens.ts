import { vantageBlind } from "./network.ts";
import type { Vantage, World } from "./world.ts";

/** How long the token at hand of a site stays good; null when there is none. */
export function tokenGoodForMs(world: World, vantage: Vantage): number | null {
  const span = world
    .spans("identity-down")
    .find(({ fault }) => fault.region === undefined || fault.region === vantage.region);
  if (span === undefined && !vantageBlind(world, vantage)) return world.settings.tokenGoodForMs;
  const heldSinceAt = span?.startAt ?? world.at;
  const goodForMs = span?.fault.tokenGoodFor ?? world.settings.tokenGoodForMs;
  const leftMs = heldSinceAt + goodForMs - world.at;
  return leftMs > 0 ? leftMs : null;
}
