import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import type { Who } from "./site-credential.ts";

// Loaded by `await import()` of this file, never of the package.

/**
 * Exactly the credential that is meant. Not `DefaultAzureCredential`: a variable left over in the
 * environment must not decide in whose name a failover is requested.
 */
export function createAzureCredential(who: Who): TokenCredential {
  switch (who.kind) {
    case "managed-identity":
      return who.clientId === null
        ? new ManagedIdentityCredential()
        : new ManagedIdentityCredential({ clientId: who.clientId });
    case "developer":
      return new ChainedTokenCredential(
        new AzureCliCredential(),
        new AzureDeveloperCliCredential(),
      );
    default:
      return who satisfies never;
  }
}
