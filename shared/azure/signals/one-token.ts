import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/identity";
import { NoToken } from "../arm-exchange.ts";

const NEVER_AT = 8_640_000_000_000_000;

/**
 * A credential for a client that lives for one call. SDKs refresh a token that is about to expire in the
 * background, with a rejection that nobody handles when identity is down: this one never seems to expire.
 */
export function oneToken(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
      let token: AccessToken | null;
      try {
        token = await credential.getToken(scopes, options);
      } catch {
        // Its text may name tenants and endpoints, and nothing is decided by it.
        throw new NoToken();
      }
      if (token === null || token.token === "") throw new NoToken();
      return { token: token.token, expiresOnTimestamp: NEVER_AT };
    },
  };
}
