import type { Notifier } from "../../../shared/ports/notifier.ts";
import { vantageBlind } from "../world/network.ts";
import type { Vantage, World } from "../world/world.ts";

const SENDING_TAKES_MS = 40;
const SENDING_GIVEN_UP_MS = 4_000;

/** Keeps what was sent in the world's own ledger. */
export function createNotifierPort(world: World, vantage: Vantage): Notifier {
  return {
    send: async (event) => {
      world.now();
      const down = world
        .faults("notifier-down")
        .some((fault) => fault.site === undefined || fault.site === vantage.name);
      if (down || vantageBlind(world, vantage)) {
        await world.wait(SENDING_GIVEN_UP_MS);
        return "failed";
      }
      await world.wait(SENDING_TAKES_MS);
      world.record.sent.push({ at: world.at, site: vantage.name, event });
      return "sent";
    },
  };
}
