import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import { limitAnswers } from "../limit-answers.ts";
import type { Who } from "./who-we-are.ts";

// Loaded by `await import()` of this file, never of the package.

/**
 * Exactly the credential that is meant. Not `DefaultAzureCredential`: a variable left over in the
 * environment must not decide in whose name a failover is requested.
 */
export function createAzureCredential(
  who: Who,
  /** Another way out than the network's, on which nothing is tried twice. */
  httpClient?: HttpClient,
): TokenCredential {
  const way = {
    httpClient: limitAnswers(httpClient ?? createDefaultHttpClient(), "token"),
    ...(httpClient === undefined ? {} : { retryOptions: { maxRetries: 0 } }),
  };
  switch (who.kind) {
    case "managed-identity":
      return who.clientId === null
        ? new ManagedIdentityCredential(way)
        : new ManagedIdentityCredential({ clientId: who.clientId, ...way });
    case "developer":
      return new ChainedTokenCredential(
        new AzureCliCredential(),
        new AzureDeveloperCliCredential(),
      );
    default:
      return who satisfies never;
  }
}
