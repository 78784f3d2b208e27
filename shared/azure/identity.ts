import type { Identity } from "../ports/identity.ts";
import type { CachedCredential } from "./identity/cached-credential.ts";

const RESOURCE_MANAGER = "https://management.azure.com/.default";

/** What the token for Resource Manager, by which a failover is requested, is still good for. */
export function createIdentity(options: {
  readonly credential: CachedCredential;
  readonly scope?: string;
}): Identity {
  const { credential, scope = RESOURCE_MANAGER } = options;
  return { tokenGoodForMs: () => credential.goodForMs(scope) };
}
