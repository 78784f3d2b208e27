import { callArm } from "./arm-call.ts";
import { type ArmResponse, failed, unauthorized } from "./arm-responses.ts";
import { namesResolve, vantageBlind } from "./network.ts";
import type { Vantage, World } from "./world.ts";

/** One request as a face of the world reads it. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  /** Header by lower-case name, or null. */
  header(name: string): string | null;
  readonly body: string;
  readonly timeoutMs: number;
}

/** What comes back over the network, or does not. */
export type WireReply =
  | ({ readonly kind: "answer" } & ArmResponse)
  | { readonly kind: "silent" }
  | { readonly kind: "no-name" };

const TAKES_MS = 60;

/** An answer of a service that only the asking site's own network can come between. */
export async function overNetwork(
  world: World,
  vantage: Vantage,
  request: WireRequest,
  handle: () => ArmResponse,
): Promise<WireReply> {
  world.now();
  if (!namesResolve(world, vantage)) return { kind: "no-name" };
  if (vantageBlind(world, vantage)) {
    await world.wait(request.timeoutMs);
    return { kind: "silent" };
  }
  await world.wait(Math.min(TAKES_MS, request.timeoutMs));
  return { kind: "answer", ...handle() };
}

/** An answer through Resource Manager by a provider that belongs to no region. */
export async function throughArm(
  world: World,
  vantage: Vantage,
  request: WireRequest,
  handle: () => ArmResponse,
): Promise<WireReply> {
  const target = { region: "global", timeoutMs: request.timeoutMs };
  const answer = await callArm(world, vantage, target, () =>
    isAuthorized(request) ? handle() : unauthorized(),
  );
  switch (answer.kind) {
    case "answered":
      return { kind: "answer", ...answer.value };
    case "error":
      return { kind: "answer", ...failed(answer.error) };
    case "silent":
    case "no-name":
      return { kind: answer.kind };
    default:
      return answer satisfies never;
  }
}

export function isAuthorized(request: WireRequest): boolean {
  return request.header("authorization")?.startsWith("Bearer ") ?? false;
}

export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ArmResponse {
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}
