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
}

/** The reference machine had two cores, and the platform runs ten activities for each. */
const ACTIVITIES_MAX = 20;
const FUNCTION_TIMEOUT_MS = 30 * 60_000;

const HostJson = z.object({
  functionTimeout: z.string().optional(),
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
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/** Reads a host.json that has been parsed as JSON. */
export function readHostJson(value: unknown): HostSettings {
  const { functionTimeout, extensions } = HostJson.parse(value ?? {});
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
  };
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
