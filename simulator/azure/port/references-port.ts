import type { References } from "../../../shared/ports/references.ts";
import { json, type WireReply, type WireRequest } from "../arm/wire-reply.ts";
import { forgotten, networkError } from "../tds/dialling.ts";
import { linkedSockets } from "../tds/linked-sockets.ts";
import { hostOf } from "../world/names.ts";
import { namesResolve, vantageReaches } from "../world/network.ts";
import type { Vantage, World } from "../world/world.ts";

const NAME_TAKES_MS = 3;
const REFERENCE_TAKES_MS = 15;

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

export function asksReference(world: World, { url }: WireRequest): boolean {
  return referenceNamed(world, url.href) !== null;
}

/** A reference target that is a page. */
export async function answerReference(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  world.now();
  const reference = referenceNamed(world, request.url.href);
  if (reference === null || !namesResolve(world, vantage)) return { kind: "no-name" };
  if (reference.down || !vantageReaches(world, vantage, reference.region)) {
    await world.wait(request.timeoutMs);
    return { kind: "silent" };
  }
  await world.wait(Math.min(REFERENCE_TAKES_MS, request.timeoutMs));
  return { kind: "answer", ...json(200, {}) };
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
