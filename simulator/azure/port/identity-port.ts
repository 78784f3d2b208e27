import type { AccessToken, TokenCredential } from "@azure/identity";
import type { Identity } from "../../../shared/ports/identity.ts";
import { tokenGoodForMs } from "../world/tokens.ts";
import type { Vantage, World } from "../world/world.ts";

const TOKEN_REQUEST_TAKES_MS = 20;

/** The token at hand of one site. */
export function createIdentityPort(world: World, vantage: Vantage): Identity {
  return {
    tokenGoodForMs: async () => {
      world.now();
      await world.wait(TOKEN_REQUEST_TAKES_MS);
      return tokenGoodForMs(world, vantage);
    },
  };
}

/** The same identity as an Azure SDK wants it. */
export function createSimulatedCredential(world: World, vantage: Vantage): TokenCredential {
  return {
    getToken: async (): Promise<AccessToken> => {
      world.now();
      await world.wait(TOKEN_REQUEST_TAKES_MS);
      const goodForMs = tokenGoodForMs(world, vantage);
      if (goodForMs === null) {
        const error = new Error("Cannot get a token: the identity endpoint does not answer");
        error.name = "CredentialUnavailableError";
        throw error;
      }
      return {
        token: `simulated-token-of-${vantage.name}`,
        expiresOnTimestamp: world.at + goodForMs,
      };
    },
  };
}
