import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { limitAnswers } from "../limit-answers.ts";
import type { StoreAddress } from "./store-address.ts";

// Loaded by `await import()` of this file, never of the package: see docs/run-on-azure.md.

export const TABLE = "GeoFailover";

/** Makes the client of one site's table. It repeats nothing by itself and makes no request yet. */
export function createTableClient(
  address: StoreAddress,
  credential: TokenCredential,
  httpClient: HttpClient = createDefaultHttpClient(),
): TableClient {
  const options = {
    httpClient: limitAnswers(httpClient, "rows"),
    // A write repeated after a lost answer would meet itself and call that a conflict.
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "geo-failover" },
  };
  switch (address.kind) {
    case "connection-string":
      return TableClient.fromConnectionString(address.text, TABLE, {
        ...options,
        allowInsecureConnection: isEmulator(address.text),
      });
    case "endpoint":
      return new TableClient(address.url, TABLE, credential, options);
    default:
      return address satisfies never;
  }
}

function isEmulator(text: string): boolean {
  return /UseDevelopmentStorage=true|http:\/\/(127\.0\.0\.1|localhost)[:/]/i.test(text);
}
