import type { TokenCredential } from "@azure/identity";
import type { Who } from "./who-we-are.ts";

/** The credential of who we are. Its SDK is loaded by the first token. */
export function createSiteCredential(who: Who): TokenCredential {
  let loaded: Promise<TokenCredential> | null = null;
  const load = (): Promise<TokenCredential> => {
    loaded ??= import("./azure-credential.ts").then(
      ({ createAzureCredential }) => createAzureCredential(who),
      (error: unknown) => {
        loaded = null;
        throw error;
      },
    );
    return loaded;
  };
  return { getToken: async (scopes, options) => (await load()).getToken(scopes, options) };
}
