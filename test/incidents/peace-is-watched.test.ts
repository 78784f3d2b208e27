// The primary is not down, and something else is wrong that somebody should know before it is. One message within
// five minutes over all sites, and one when it is over; nothing is requested.

import { expect, test } from "vitest";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Fault } from "../../simulator/faults.ts";
import { MINUTE, SETTLED_MS, START, simulate } from "../support/simulated-sites.ts";

const LASTS_MS = 6 * MINUTE;
const lasts = { at: SETTLED_MS, for: LASTS_MS } as const;

const WORLDS: readonly (readonly [string, string, Fault, Partial<Policy>])[] = [
  [
    "every login is refused",
    "page of primary-refuses",
    { fault: "sql-error", on: "home", number: 18456, ...lasts },
    {},
  ],
  [
    "the log is full",
    "page of primary-refuses",
    { fault: "write-error", on: "home", number: 9002, ...lasts },
    {},
  ],
  [
    "the canary's table is gone",
    "notice of canary-blind",
    { fault: "write-error", on: "home", number: 208, ...lasts },
    {},
  ],
  [
    "the secondary is down",
    "page of secondary-down",
    { fault: "instance-down", on: "partner", ...lasts },
    {},
  ],
  [
    "replication is suspended",
    "page of replication-suspended",
    { fault: "replication-suspended", ...lasts },
    {},
  ],
  [
    "the application fails",
    "page of application-failing",
    { fault: "application-ratio", value: 0.1, ...lasts },
    { applicationFloor: 0.5 },
  ],
];

test.each(WORLDS)("%s: a %s, and one word when it is over", async (_, said, fault, policy) => {
  const sim = await simulate({ faults: [fault], policy });
  await sim.runTo(SETTLED_MS + LASTS_MS + 6 * MINUTE);
  sim.sites.stop();
  const { sent, posts } = sim.world.record;
  expect(posts).toEqual([]);
  expect(
    sent.map(({ event }) => `${event.data.what}: ${event.type} of ${event.data.condition}`),
  ).toEqual([`bad: ${said}`, `over: notice of ${said.split(" ").at(-1)}`]);
  expect((sent[0]?.at ?? 0) - START - SETTLED_MS).toBeLessThanOrEqual(5 * MINUTE);
});
