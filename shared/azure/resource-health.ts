import type { Instance } from "../domain/group.ts";
import type { Clock } from "../ports/clock.ts";
import { createExchanges } from "./arm-exchange.ts";
import type { AzureOptions } from "./arm-requests.ts";
import type { createHealthClient } from "./resource-health/health-client.ts";
import { type HealthReading, healthReading } from "./resource-health/health-reading.ts";
import { oneToken } from "./signals/one-token.ts";

/** Asks Resource Health about an instance. Ends within `timeoutMs` and never throws. */
export function createResourceHealth(
  options: AzureOptions & {
    readonly endpoint: string;
    readonly clock: Clock;
    /** Where the SDK is loaded already; by default it is loaded at the first call. */
    readonly createHealth?: typeof createHealthClient;
  },
): (instance: Instance) => Promise<HealthReading> {
  const { endpoint, credential, clock, timeoutMs } = options;
  const { httpClient, exchange } = createExchanges({
    httpClient: options.httpClient,
    timeoutMs,
    clock,
  });
  return async ({ id, subscriptionId }) => {
    const answer = await exchange("health", async (abortSignal) => {
      const create =
        options.createHealth ??
        (await import("./resource-health/health-client.ts")).createHealthClient;
      const client = create({
        subscriptionId,
        endpoint,
        credential: oneToken(credential),
        httpClient,
      });
      // The SDK puts a slash before it by itself.
      return client.availabilityStatuses.getByResource(id.replace(/^\//, ""), {
        abortSignal,
        requestOptions: { timeout: timeoutMs },
      });
    });
    return healthReading(answer, { resourceId: id, now: clock.now() });
  };
}
