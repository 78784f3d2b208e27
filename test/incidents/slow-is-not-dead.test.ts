// Whatever makes a step of the motor long, or the wait between two: it works on, and nobody takes it for dead.

import { expect, test } from "vitest";
import { register } from "../../functions/register.ts";
import { createStores } from "../../shared/ledger/group-ledger.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { RegisterSite } from "../../simulator/site-app.ts";
import { createSitePorts } from "../../simulator/site-ports.ts";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import { MINUTE, regionLost, SECOND, simulate } from "../support/simulated-sites.ts";
import { claimIn, incidentIn } from "../support/stored.ts";

interface Slowness {
  readonly postMs: number;
  readonly storeMs: number;
  readonly retryAfterMs: number;
}

const SLOW: readonly (readonly [what: string, by: Slowness])[] = [
  [
    "the request and every store take almost their whole deadline",
    { postMs: 19 * SECOND, storeMs: 3.5 * SECOND, retryAfterMs: SECOND },
  ],
  ["Azure asks for a minute of patience", { postMs: 0, storeMs: 0, retryAfterMs: MINUTE }],
];

test.each(SLOW)("one motor sees the failover through where %s", async (_, by) => {
  let slow = false;
  const registerSlow: RegisterSite = (config, portsOf) => {
    const ports = slowed(portsOf(createSitePorts), by, () => slow);
    register({ config, ports, stores: createStores(config, ports.stores, ports.clock) });
  };
  const sim = await simulate({ faults: [regionLost()], registerSite: registerSlow });
  const sent = () => claimIn(sim.world)?.state === "sent";
  expect(await sim.runJustUntil(sent, 10 * MINUTE)).toBe(true);
  slow = true;
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  expect(incidentIn(sim.world)?.motor).toBe(1);
  sim.sites.stop();
});

function slowed(ports: Ports, by: Slowness, slow: () => boolean): Ports {
  const { clock, failoverGroups, stores } = ports;
  const wait = async (ms: number): Promise<void> => (slow() ? clock.sleep(ms) : undefined);
  return {
    ...ports,
    failoverGroups: {
      ...failoverGroups,
      failOver: async (request) => {
        const answer = await failoverGroups.failOver(request);
        await wait(by.postMs);
        return answer.kind === "accepted" ? { ...answer, retryAfterMs: by.retryAfterMs } : answer;
      },
    },
    stores: new Map(
      [...stores].map(([site, store]) => [site, slowStore(store, () => wait(by.storeMs))]),
    ),
  };
}

function slowStore(store: Store, wait: () => Promise<void>): Store {
  return {
    ...store,
    read: async (key) => {
      await wait();
      return store.read(key);
    },
    write: async (key, value, condition) => {
      await wait();
      return store.write(key, value, condition);
    },
  };
}
