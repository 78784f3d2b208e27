import { MicrosoftResourceHealth } from "@azure/arm-resourcehealth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

// Loaded by `await import()` of this file, never of the package: in an ESM bundle a dynamic import of
// that CommonJS package has no named members.

/** The client of one subscription, for one call: no retries, no redirects. */
export function createHealthClient(options: {
  readonly subscriptionId: string;
  readonly endpoint: string;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
}): MicrosoftResourceHealth {
  const { subscriptionId, endpoint, credential, httpClient } = options;
  return new MicrosoftResourceHealth(credential, subscriptionId, {
    endpoint,
    httpClient,
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "geo-failover" },
  });
}
