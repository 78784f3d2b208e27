import * as z from "zod";
import { parseTimeSpan } from "./time-span.ts";

/** What this host reads of a host.json, defaults filled in. */
export interface HostSettings {
  hubName: string;
  routePrefix: string;
  functionTimeoutMs: number | null;
  pollMsMax: number;
  partitionCount: number;
  activitiesMax: number;
  replaceAnyState: boolean;
  /** For how long a message that a dead host had taken is seen by nobody: of the control queue, of the activities. */
  messageHiddenMs: number;
  activityHiddenMs: number;
  /** How long the lease of the timer triggers outlives its holder, and how often another host tries to get it. */
  timerLeaseMs: number;
  timerLeaseRetryMs: number;
}

/** The reference machine had two cores, and the platform runs ten activities for each. */
const ACTIVITIES_MAX = 20;
const FUNCTION_TIMEOUT_MS = 30 * 60_000;

/** The real host does not start with less or more. */
const HIDDEN_MS = { min: 60_000, max: 60 * 60_000 };
const LEASE_MS_MIN = 15_000;
const LEASE_MS_MAX = 60_000;

const HostJson = z.object({
  functionTimeout: z.string().optional(),
  singleton: z
    .object({
      listenerLockPeriod: z.string().optional(),
      listenerLockRecoveryPollingInterval: z.string().optional(),
    })
    .optional(),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().optional() }).optional(),
      durableTask: z
        .object({
          hubName: z.string().optional(),
          maxConcurrentActivityFunctions: z.number().optional(),
          overridableExistingInstanceStates: z.string().optional(),
          storageProvider: z
            .object({
              partitionCount: z.number().optional(),
              maxQueuePollingInterval: z.string().optional(),
              controlQueueVisibilityTimeout: z.string().optional(),
              workItemQueueVisibilityTimeout: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/** Reads a host.json that has been parsed as JSON. */
export function readHostJson(value: unknown): HostSettings {
  const { functionTimeout, extensions, singleton } = HostJson.parse(value ?? {});
  const durable = extensions?.durableTask;
  const storage = durable?.storageProvider;
  return {
    hubName: durable?.hubName ?? "TestHubName",
    routePrefix: extensions?.http?.routePrefix ?? "api",
    functionTimeoutMs: readTimeout(functionTimeout),
    pollMsMax: readSpan(storage?.maxQueuePollingInterval ?? "00:00:30"),
    partitionCount: storage?.partitionCount ?? 4,
    activitiesMax: durable?.maxConcurrentActivityFunctions ?? ACTIVITIES_MAX,
    replaceAnyState: durable?.overridableExistingInstanceStates?.toLowerCase() === "anystate",
    messageHiddenMs: readHidden(
      "ControlQueueVisibilityTimeout",
      storage?.controlQueueVisibilityTimeout,
    ),
    activityHiddenMs: readHidden(
      "WorkItemQueueVisibilityTimeout",
      storage?.workItemQueueVisibilityTimeout,
    ),
    timerLeaseMs: readLease(singleton?.listenerLockPeriod, LEASE_MS_MAX),
    timerLeaseRetryMs: readLease(singleton?.listenerLockRecoveryPollingInterval, null),
  };
}

function readHidden(name: string, text = "00:05:00"): number {
  const ms = readSpan(text);
  if (ms >= HIDDEN_MS.min && ms <= HIDDEN_MS.max) return ms;
  throw new Error(`${name} must be between 1 and 60 minutes.`);
}

function readLease(text = "00:01:00", maxMs: number | null): number {
  const ms = readSpan(text);
  if (ms >= LEASE_MS_MIN && ms <= (maxMs ?? ms)) return ms;
  throw new Error(`Cannot read host.json: no time that a lease may have: ${text}`);
}

function readTimeout(text: string | undefined): number | null {
  if (text === undefined) return FUNCTION_TIMEOUT_MS;
  return text === "-1" ? null : readSpan(text);
}

function readSpan(text: string): number {
  const ms = parseTimeSpan(text);
  if (ms === null) throw new Error(`Cannot read host.json: not a time span: ${text}`);
  return ms;
}
