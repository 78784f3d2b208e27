import { namesResolve, reachedFromOutside, vantageBlind } from "../world/network.ts";
import { takeRead } from "../world/read-bucket.ts";
import type { Vantage, World } from "../world/world.ts";

/** An error of Resource Manager or of what stands before it. */
export interface ArmError {
  readonly status: number;
  /** Null: a page, not an answer of the service. */
  readonly code: string | null;
  readonly message: string;
  readonly failureCause: "gateway" | "service" | null;
  readonly retryAfterSeconds: number | null;
}

export type ArmAnswer<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "error"; readonly error: ArmError }
  | { readonly kind: "silent" }
  | { readonly kind: "no-name" };

const ARM_TAKES_MS = 150;
/** Until an empty bucket has let in some reads again. */
const BUCKET_REFILLS_SECONDS = 5;
const GATEWAY_PATIENCE_MS = 60_000;

/**
 * One request to Resource Manager about something in `region`. `handle` runs at the instant the request
 * takes effect, if it gets that far; after `timeoutMs` the caller has stopped listening.
 */
export async function callArm<Value>(
  world: World,
  vantage: Vantage,
  request: { readonly region: string; readonly timeoutMs: number; readonly writes?: boolean },
  handle: () => Value,
): Promise<ArmAnswer<Value>> {
  const startedAt = world.now();
  const until = (ms: number): Promise<void> =>
    world.wait(Math.min(ms, startedAt + request.timeoutMs - world.at));
  const late = (): boolean => world.at - startedAt >= request.timeoutMs;
  const slowMs = world.faults("arm-slow").reduce((sum, fault) => sum + fault.ms, 0);
  const halfMs = Math.round((ARM_TAKES_MS * (1 + world.draw("arm-latency")) + slowMs) / 2);

  if (!namesResolve(world, vantage)) return { kind: "no-name" };
  await until(halfMs);
  if (late()) return { kind: "silent" };
  if (cutOff(world, vantage) || armFault(world, "arm-down", request.region)) {
    await until(request.timeoutMs);
    return { kind: "silent" };
  }
  const free = request.writes === true || takeRead(world.readBuckets, vantage.name, world.at);
  const error = free ? armError(world, request.region) : tooManyRequests(BUCKET_REFILLS_SECONDS);
  if (error === null && !reachedFromOutside(world, request.region)) {
    await until(GATEWAY_PATIENCE_MS);
    return late() ? { kind: "silent" } : { kind: "error", error: gatewayTimeout() };
  }
  const lateMs = lateness(world, request.region);
  if (error === null && lateMs > 0) {
    // It takes effect also when nobody listens any more.
    const effect = world.wait(lateMs).then(handle);
    await until(lateMs);
    return late() ? { kind: "silent" } : { kind: "answered", value: await effect };
  }
  const value = error === null ? handle() : null;
  if (armFault(world, "arm-answer-lost", request.region)) {
    await until(request.timeoutMs);
    return { kind: "silent" };
  }
  await until(halfMs);
  if (late()) return { kind: "silent" };
  if (error !== null) return { kind: "error", error };
  return value === null ? { kind: "silent" } : { kind: "answered", value };
}

function cutOff(world: World, vantage: Vantage): boolean {
  return vantageBlind(world, vantage) || !reachedFromOutside(world, vantage.region);
}

function lateness(world: World, region: string): number {
  const late = world.faults("arm-late").filter((fault) => (fault.region ?? region) === region);
  return late.reduce((sum, { seconds }) => sum + 1_000 * seconds, 0);
}

function armFault(
  world: World,
  name: "arm-down" | "arm-html" | "arm-answer-lost",
  region: string,
): boolean {
  return world.faults(name).some((fault) => (fault.region ?? region) === region);
}

function armError(world: World, region: string): ArmError | null {
  if (armFault(world, "arm-html", region)) {
    return { ...blank, status: 403, code: null, message: GATEWAY_PAGE };
  }
  const throttled = world
    .faults("arm-throttled")
    .find((fault) => (fault.region ?? region) === region);
  if (throttled) return tooManyRequests(throttled.retryAfterSeconds ?? 10);
  const broken = world.faults("arm-5xx").find((fault) => (fault.region ?? region) === region);
  if (broken === undefined) return null;
  const status = broken.status ?? 500;
  if (status === 504) return gatewayTimeout();
  const code = status === 503 ? "ServiceUnavailable" : "InternalServerError";
  return { ...blank, status, code, message: "An error occurred.", failureCause: "service" };
}

const blank = { failureCause: null, retryAfterSeconds: null } as const;

const GATEWAY_PAGE =
  "<html>\n<head><title>403 Forbidden</title></head>\n<body>\n<center><h1>403 Forbidden</h1></center>\n" +
  "<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\n</body>\n</html>\n";

function tooManyRequests(retryAfterSeconds: number): ArmError {
  return {
    status: 429,
    code: "SubscriptionRequestsThrottled",
    message: `Number of requests for this subscription and actor exceeded. Please try again after '${retryAfterSeconds}' seconds.`,
    failureCause: "gateway",
    retryAfterSeconds,
  };
}

function gatewayTimeout(): ArmError {
  return {
    status: 504,
    code: "GatewayTimeout",
    message:
      "The gateway did not receive a response from 'Microsoft.Sql' within the specified time period.",
    failureCause: "service",
    retryAfterSeconds: null,
  };
}

/** What says nothing, as a reading of the ports. */
export function unreadOf(answer: Exclude<ArmAnswer<unknown>, { kind: "answered" }>) {
  const silent = { kind: "unknown", because: becauseOf(answer) } as const;
  if (answer.kind !== "error" || answer.error.status !== 429) return silent;
  return { ...silent, throttledForMs: 1_000 * (answer.error.retryAfterSeconds ?? 0) };
}

/** In a word why there was no answer, as the ports say it. */
export function becauseOf(answer: Exclude<ArmAnswer<unknown>, { kind: "answered" }>): string {
  switch (answer.kind) {
    case "error":
      return `http-${answer.error.status} (${answer.error.code ?? "no code"})`;
    case "silent":
      return "timed-out";
    case "no-name":
      return "not-connected";
    default:
      return answer satisfies never;
  }
}
