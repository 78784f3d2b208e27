import type { Side } from "../domain/group.ts";
import { otherSide } from "../domain/group.ts";
import type { Signals } from "../ports/signals.ts";
import { createActivityLog } from "./activity-log.ts";
import type { queryLogs } from "./application-ratio/logs-client.ts";
import { createApplicationRatio } from "./application-ratio.ts";
import { type AzureOptions, createArmRequests } from "./arm-requests.ts";
import { createInstanceKeys } from "./instances/instance-keys.ts";
import type { createVaultClient } from "./key-probe/vault-client.ts";
import { createKeyProbe } from "./key-probe.ts";
import type { createHealthClient } from "./resource-health/health-client.ts";
import { createResourceHealth } from "./resource-health.ts";
import { createCapacity } from "./signals/capacity.ts";
import { healthAdvice } from "./signals/health-advice.ts";
import { createProbeAdvice } from "./signals/probe-advice.ts";
import { createWallClock } from "./wall-clock.ts";

/** What the platform and the application say. Every call ends within `timeoutMs` and none throws. */
export function createSignals(
  options: AzureOptions & {
    /** Object id and client id of our own identity: what they did is ours. */
    readonly ownIds: readonly string[];
    readonly logsEndpoint?: string;
    readonly resolveName?: (host: string) => Promise<readonly string[]>;
    /** Where the SDKs are loaded already; by default each is loaded at its first call. */
    readonly createHealth?: typeof createHealthClient;
    readonly askLogs?: typeof queryLogs;
    readonly createVault?: typeof createVaultClient;
  },
): Signals {
  const { clock = createWallClock(), timeoutMs, httpClient } = options;
  const whole = { ...options, clock };
  // A probe comes after the question for the key's address.
  const halfMs = Math.ceil(timeoutMs / 2);
  const half = { ...whole, timeoutMs: halfMs };
  const { endpoint } = createArmRequests(whole);
  const health = createResourceHealth({ ...whole, endpoint });
  const ratio = createApplicationRatio(whole);
  const capacity = createCapacity({ httpClient, timeoutMs, clock });
  const keyAdvice = createProbeAdvice({
    keys: createInstanceKeys(whole),
    probe: createKeyProbe(half),
    clock,
  });

  return {
    application: async ({ application }) => {
      const source = application?.successRatio ?? null;
      return source === null ? { kind: "not-configured" } : ratio(source);
    },
    capacityAt: async ({ application }) => {
      const url = application?.capacityAtTarget ?? null;
      return url === null ? "not-required" : capacity(url);
    },
    activity: createActivityLog(whole),
    advice: async (group, primary) => {
      const secondary: Side = otherSide(primary);
      const [first, second, key] = await Promise.all([
        health(group[primary]),
        health(group[secondary]),
        keyAdvice(group[secondary]),
      ]);
      const told = [...healthAdvice("primary", first), ...healthAdvice("secondary", second)];
      return [...told, ...key];
    },
  };
}
