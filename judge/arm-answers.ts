import { classifyArmError, saysThatOneRuns } from "../shared/azure/arm-errors.ts";
import type { PostAnswer } from "../shared/ports/failover-groups.ts";
import type { JudgedWorld } from "./judged-world.ts";
import type { ArmSignal } from "./signal-forms.ts";
import type { GroupPlace } from "./sources.ts";

/** States in which something is being done to the instance. */
export const BUSY =
  /^(creating|deleting|dropping|migrating|restoring|scaling|starting|stopping|updating|upgrading)$/i;

/** A client of Resource Manager gives up after this. */
const GIVEN_UP_MS = 7_500;
const RETRY_AFTER_MS = 10_000;

/** What keeps a read of one side from being answered; null when nothing does. */
export async function readObstacle(world: JudgedWorld, place: GroupPlace): Promise<string | null> {
  if (world.tokenGoodForMs() === null) return "identity";
  const signal = armNow(world, place);
  switch (signal.kind) {
    case "state":
    case "refuses":
    // Reads and writes are throttled apart: it is the requests that change something which are refused.
    case "throttled":
      return null;
    case "timeout":
      await world.clock.sleep(GIVEN_UP_MS);
      return "timed-out";
    case "5xx":
      return "http-503 (ServiceUnavailable)";
    case "unknown":
      return "no-answer";
    default:
      return signal satisfies never;
  }
}

/** What keeps a request that changes something from being accepted; null when nothing does. */
export async function postObstacle(
  world: JudgedWorld,
  place: GroupPlace,
): Promise<Exclude<PostAnswer, { kind: "accepted" }> | null> {
  if (world.tokenGoodForMs() === null) return refused("identity", "Nothing was sent.");
  const signal = armNow(world, place);
  switch (signal.kind) {
    case "state":
      return null;
    case "throttled":
      return refused("TooManyRequests", "Too many requests.");
    case "refuses":
      return MAY_HAVE_BEGUN.has(signal.code)
        ? { kind: "unanswered", because: `http-5xx (${signal.code})` }
        : refused(signal.code, "Refused.");
    case "timeout":
      await world.clock.sleep(GIVEN_UP_MS);
      return { kind: "unanswered", because: "timed-out" };
    case "5xx":
      return { kind: "unanswered", because: "http-503 (ServiceUnavailable)" };
    case "unknown":
      return { kind: "unanswered", because: "no-answer" };
    default:
      return signal satisfies never;
  }
}

/** The state of the instance in that region, as far as Resource Manager shows one. */
export function stateShown(world: JudgedWorld, place: GroupPlace): string {
  const signal = sideOf(world, place);
  return signal.kind === "state" ? signal.state : "Ready";
}

/** What stands above both sides comes first. */
function armNow(world: JudgedWorld, place: GroupPlace): ArmSignal {
  const whole = world.read("arm_global");
  switch (whole) {
    case "ok":
      return sideOf(world, place);
    case "throttled_429":
      return { kind: "throttled" };
    case "timeout":
    case "5xx":
    case "unknown":
      return { kind: whole };
    default:
      return whole satisfies never;
  }
}

function sideOf(world: JudgedWorld, place: GroupPlace): ArmSignal {
  return world.read(place === "A" ? "arm_primary" : "arm_secondary");
}

export function refused(code: string, message: string): Extract<PostAnswer, { kind: "refused" }> {
  const errorClass = classifyArmError(code);
  const retryAfterMs = errorClass === "busy" ? RETRY_AFTER_MS : 0;
  const runs = saysThatOneRuns(code);
  return { kind: "refused", errorClass, runs, code, message, retryAfterMs };
}

/** Codes that come with 408 or 5xx: the work may have been begun all the same. */
const MAY_HAVE_BEGUN: ReadonlySet<string> = new Set([
  "AzureKeyVaultConnectionFailed",
  "AzureKeyVaultGenericConnectionError",
  "GatewayTimeout",
  "InternalServerError",
  "OperationTimedOut",
  "RequestTimeout",
  "ServerTimeout",
  "ServiceUnavailable",
]);
