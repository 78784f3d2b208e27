// What is asked about flickers: a primary that serves now and then, an outage that comes and goes. Whoever was
// asked is not asked anew at every look, and finds the question still open when they have found their glasses.

import { expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import { callSite } from "../support/call-site.ts";
import {
  MINUTE,
  SECOND,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

const HOUR = 60 * MINUTE;

function asksSent({ world }: Simulation) {
  return world.record.sent.filter(({ event }) => event.type === "ask");
}

/** Instants at which somebody was asked anew, not told once more. */
function newAsks(sim: Simulation): readonly number[] {
  const first = new Map<string, number>();
  for (const { event, at } of asksSent(sim)) {
    const [incident, , instant, matter] = event.id.split("~");
    const ask = [incident, instant, matter].join("~");
    first.set(ask, first.get(ask) ?? at);
  }
  return [...first.values()];
}

const FLAKY: readonly Fault[] = [{ fault: "flaky", on: "home", share: 0.8, at: SETTLED_MS }];
const ON_AND_OFF: readonly Fault[] = Array.from({ length: 120 }, (_, minute) => ({
  ...{ fault: "instance-down", on: "home" },
  ...{ at: SETTLED_MS + minute * MINUTE, for: 30 * SECOND },
}));

interface Case {
  readonly faults: readonly Fault[];
  readonly forMs: number;
  readonly asksAtMost: number;
}

test.each<[string, Case]>([
  [
    "of five connections one is answered",
    { faults: FLAKY, forMs: THOROUGH ? 3 * HOUR : 18 * MINUTE, asksAtMost: THOROUGH ? 12 : 1 },
  ],
  [
    "it is down for every other half minute",
    { faults: ON_AND_OFF, forMs: THOROUGH ? 2 * HOUR : 10 * MINUTE, asksAtMost: THOROUGH ? 8 : 1 },
  ],
])("%s: few are asked, and an answer after five minutes is taken", async (_, given) => {
  const { faults, forMs, asksAtMost } = given;
  const sim = await simulate({ faults });
  expect(await sim.runUntil(() => asksSent(sim).length > 0, 30 * MINUTE)).toBe(true);
  const { token } = asksSent(sim)[0]?.event.data ?? {};
  const askedAt = sim.clock.now();
  if (THOROUGH) await sim.runTo(forMs);
  else await sim.clock.runUntil(askedAt + 5 * MINUTE);
  expect(await callSite(sim, "deny", { token, actor: "kim" })).toMatchObject({ status: 200 });
  await sim.runTo(forMs);
  expect(asksSent(sim).length).toBeLessThanOrEqual(asksAtMost);
  const instants = newAsks(sim);
  const waits = instants.slice(1).map((at, nth) => at - (instants[nth] ?? 0));
  expect(waits.filter((ms) => ms < 15 * MINUTE)).toEqual([]);
  expect(asksSent(sim).every(({ event }) => event.urgent)).toBe(true);
  sim.sites.stop();
});
