import { SqlManagementClient } from "@azure/arm-sql";
import {
  bearerTokenAuthenticationPolicyName,
  type HttpClient,
  logPolicyName,
  type PipelinePolicy,
} from "@azure/core-rest-pipeline";
import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/identity";
import { NoToken } from "./arm-exchange.ts";

// Loaded by `await import()` of this file, never of the package: in an ESM bundle a dynamic import of
// that CommonJS package has no named members.

/** Makes the client of one subscription: no retries, no redirects, one request per call. */
export function createSqlManagement(options: {
  readonly subscriptionId: string;
  readonly endpoint: string;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
}): SqlManagementClient {
  const { subscriptionId, endpoint, credential, httpClient } = options;
  const client = new SqlManagementClient(credential, subscriptionId, {
    endpoint,
    httpClient,
    // A POST repeated by the SDK meets its own first copy. Reads are repeated by the next look.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "geo-failover" },
  });
  // Its log masks the query of the address it asks, but shows signed addresses in the answer's headers.
  client.pipeline.removePolicy({ name: logPolicyName });
  client.pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
  client.pipeline.addPolicy(authorize(credential, endpoint), { phase: "Sign" });
  return client;
}

/**
 * In place of the SDK's bearer policy, which repeats a challenged request, and refreshes in the
 * background with a rejection nobody handles when identity stays down. Credentials cache by themselves.
 */
function authorize(credential: TokenCredential, endpoint: string): PipelinePolicy {
  const { origin } = new URL(endpoint);
  return {
    name: "authorize",
    async sendRequest(request, next) {
      if (new URL(request.url).origin !== origin) {
        throw new Error("Cannot authorize: the request is not for Resource Manager");
      }
      const { abortSignal } = request;
      const options = abortSignal === undefined ? {} : { abortSignal };
      const token = await tokenOf(credential, `${endpoint}/.default`, options);
      request.headers.set("Authorization", `Bearer ${token}`);
      return next(request);
    },
  };
}

async function tokenOf(
  credential: TokenCredential,
  scope: string,
  options: GetTokenOptions,
): Promise<string> {
  let token: AccessToken | null;
  try {
    token = await credential.getToken(scope, options);
  } catch {
    // Its text may name tenants and endpoints, and nothing is decided by it.
    throw new NoToken();
  }
  if (token === null || token.token === "") throw new NoToken();
  return token.token;
}
