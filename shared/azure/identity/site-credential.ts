import type { TokenCredential } from "@azure/identity";

/** Who we are: the identity that Azure gave this app, or the developer who signed in on this machine. */
export type Who =
  | { readonly kind: "managed-identity"; readonly clientId: string | null }
  | { readonly kind: "developer" };

/** Azure offers its apps an endpoint for tokens; where there is none, a developer runs us. */
export function whoWeAre(env: Readonly<Record<string, string | undefined>>): Who {
  if (!env.IDENTITY_ENDPOINT) return { kind: "developer" };
  const clientId = env.AZURE_CLIENT_ID || env.AzureWebJobsStorage__clientId || null;
  return { kind: "managed-identity", clientId };
}

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
