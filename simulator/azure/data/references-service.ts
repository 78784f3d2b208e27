import { json, type WireReply, type WireRequest } from "../arm/wire-reply.ts";
import { namesResolve, vantageReaches } from "../world/network.ts";
import { REFERENCE_TAKES_MS, referenceNamed } from "../world/references.ts";
import type { Vantage, World } from "../world/world.ts";

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
