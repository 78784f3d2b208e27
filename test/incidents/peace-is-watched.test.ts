// The primary is not down, and something else is wrong that somebody should know before it is. One message within
// five minutes over all sites, and one when it is over; nothing is requested.

import { expect, test } from "vitest";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Fault } from "../../simulator/faults.ts";
import { MINUTE, SECOND, SETTLED_MS, START, simulate } from "../support/simulated-sites.ts";

const LASTS_MS = 6 * MINUTE;
const lasts = { at: SETTLED_MS, for: LASTS_MS } as const;

const failing: Fault = { fault: "application-ratio", value: 0.1, ...lasts };

/** One tick a minute finds the primary refusing, and is answered five seconds later. */
const BLINKS = [0, 1, 2, 3, 4, 5].map((minute) => ({
  fault: "instance-down" as const,
  on: "home",
  how: "refused" as const,
  at: SETTLED_MS + minute * MINUTE - 1_000,
  for: 4_000,
}));

const WORLDS: readonly (readonly [string, string, readonly Fault[], Partial<Policy>])[] = [
  [
    "every login is refused",
    "page of primary-refuses",
    [{ fault: "sql-error", on: "home", number: 18456, ...lasts }],
    {},
  ],
  [
    "the log is full",
    "page of primary-refuses",
    [{ fault: "write-error", on: "home", number: 9002, ...lasts }],
    {},
  ],
  [
    "the canary's table is gone",
    "notice of canary-blind",
    [{ fault: "write-error", on: "home", number: 208, ...lasts }],
    {},
  ],
  [
    "the secondary is down",
    "page of secondary-down",
    [{ fault: "instance-down", on: "partner", ...lasts }],
    {},
  ],
  [
    "replication is suspended",
    "page of replication-suspended",
    [{ fault: "replication-suspended", ...lasts }],
    {},
  ],
  [
    "the application fails",
    "page of application-failing",
    [{ fault: "application-ratio", value: 0.1, ...lasts }],
    { applicationFloor: 0.5 },
  ],
  [
    "the application fails, beside one bad look a minute",
    "page of application-failing",
    [failing, ...BLINKS],
    { applicationFloor: 0.5 },
  ],
];

test.each(WORLDS)("%s: a %s, and one word when it is over", async (_, said, faults, policy) => {
  const sim = await simulate({ faults, policy });
  await sim.runTo(SETTLED_MS + LASTS_MS + 6 * MINUTE);
  sim.sites.stop();
  const { sent, posts } = sim.world.record;
  expect(posts).toEqual([]);
  expect(
    sent.map(({ event }) => `${event.data.what}: ${event.type} of ${event.data.condition}`),
  ).toEqual([`bad: ${said}`, `over: notice of ${said.split(" ").at(-1)}`]);
  expect((sent[0]?.at ?? 0) - START - SETTLED_MS).toBeLessThanOrEqual(5 * MINUTE);
});

/** What one site suspects, and nobody else sees. */
const SUSPECTED: Fault = {
  fault: "partition",
  from: "northeurope",
  to: "westeurope",
  at: SETTLED_MS - SECOND,
  for: 45 * SECOND,
};

test.each<[string, string, readonly Fault[], Partial<Policy>]>([
  [
    "the application is below its floor",
    "page of application-failing",
    [failing],
    { applicationFloor: 0.5 },
  ],
  [
    "two vantages are blind",
    "notice of vantage-blind",
    ["northeurope", "swedencentral"].map((from) => ({ fault: "dns-fail", from, ...lasts })),
    {},
  ],
])("a suspicion is not over while %s: somebody gets a %s", async (_, said, doubt, policy) => {
  const sim = await simulate({ faults: [SUSPECTED, ...doubt], policy });
  await sim.runTo(SETTLED_MS + 5 * MINUTE);
  sim.sites.stop();
  const told = sim.world.record.sent.map(({ event }) => `${event.type} of ${event.data.condition}`);
  expect(told).toContain(said);
  expect(told.filter((each) => each.startsWith("closed"))).toEqual([]);
});
