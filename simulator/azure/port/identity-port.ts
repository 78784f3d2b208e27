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
