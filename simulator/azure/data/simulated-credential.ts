import type { AccessToken, TokenCredential } from "@azure/identity";
import { tokenGoodForMs } from "../world/tokens.ts";
import type { Vantage, World } from "../world/world.ts";

const TOKEN_REQUEST_TAKES_MS = 20;

/** The identity of one site, as an Azure SDK wants it. */
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
