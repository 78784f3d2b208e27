type Environment = Readonly<Record<string, string | undefined>>;

/** Who we are: the identity that Azure gave this app, or the developer who signed in on this machine. */
export type Who =
  | { readonly kind: "managed-identity"; readonly clientId: string | null }
  | { readonly kind: "developer" };

/** Azure offers its apps an endpoint for tokens; where there is none, a developer runs us. */
export function whoWeAre(env: Environment): Who {
  if (!env.IDENTITY_ENDPOINT) return { kind: "developer" };
  return { kind: "managed-identity", clientId: clientIdOf(env) };
}

/**
 * The ids under which the activity log shows what we did: our client id, and those that
 * `GEO_FAILOVER_OWN_IDS` lists, separated by commas: object ids, and the ids of the other sites.
 */
export function ownIds(env: Environment): readonly string[] {
  const listed = (env.GEO_FAILOVER_OWN_IDS ?? "").split(",").map((id) => id.trim());
  return [...new Set([clientIdOf(env) ?? "", ...listed])].filter((id) => id !== "");
}

function clientIdOf(env: Environment): string | null {
  return env.AZURE_CLIENT_ID || env.AzureWebJobsStorage__clientId || null;
}
