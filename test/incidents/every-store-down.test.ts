// Every store down, one at a time and two at a time, before and during the loss of the primary's region.
// Seeing and telling stand before bookkeeping: each time it acts in time, or somebody is paged in time.

import { expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import {
  GRACE_MS,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

const LOST_AT = START + SETTLED_MS;
const STORES = [["weu"], ["neu"], ["sec"], ["weu", "neu"], ["weu", "sec"], ["neu", "sec"]] as const;
const WHEN = { before: SETTLED_MS - 40 * SECOND, during: SETTLED_MS + MINUTE } as const;
/** The onset is a tick after the loss at most. */
const TICK_MS = 15 * SECOND;

interface Outcome {
  readonly actsAfterMs: number | null;
  readonly pagedAfterMs: number | null;
  readonly urgent: readonly string[];
}

async function lose(faults: readonly Fault[], seed = 1): Promise<Outcome> {
  const sim = await simulate({ faults: [...faults, regionLost()], seed });
  // A page comes in the same minutes in which it would act; who is told twice is told soon after.
  const acted = () => roleChanges(sim.world).length > 0;
  await sim.runUntil(acted, SETTLED_MS + GRACE_MS + 5 * MINUTE);
  const outcome = outcomeOf(sim);
  sim.sites.stop();
  return outcome;
}

function outcomeOf({ world }: Simulation): Outcome {
  const { posts, sent } = world.record;
  const urgent = sent.filter(({ event }) => event.urgent);
  const paged = urgent.find(({ event }) => event.type === "page");
  const post = posts.find(({ answer }) => answer === "accepted");
  return {
    actsAfterMs: post === undefined ? null : post.at - LOST_AT,
    pagedAfterMs: paged === undefined ? null : paged.at - LOST_AT,
    urgent: urgent.map(({ event }) => `${event.type} ${event.data.condition ?? ""}`.trim()),
  };
}

const CELLS = STORES.flatMap((stores) =>
  (["before", "during"] as const).flatMap((when) =>
    (["store-down", "store-refuses"] as const)
      // By turns: what is silent costs time, what refuses does not.
      .filter((_, how) => THOROUGH || how === (stores.length + (when === "before" ? 0 : 1)) % 2)
      .map((fault) => [fault, stores, when] as const),
  ),
);

test.each(CELLS)("%s of %s %s the loss", async (fault, stores, when) => {
  const at = WHEN[when];
  const outcome = await lose(stores.map((site): Fault => ({ fault, site, at })));
  // Claims of a failover away from weu lie at neu.
  if (!stores.some((site) => site === "neu")) {
    expect(outcome.actsAfterMs).toBeLessThanOrEqual(TICK_MS + GRACE_MS + 30 * SECOND);
    expect(outcome.urgent).toEqual(["about-to-fail-over"]);
    return;
  }
  expect(outcome.actsAfterMs).toBeNull();
  expect(outcome.pagedAfterMs).toBeGreaterThanOrEqual(GRACE_MS - TICK_MS);
  expect(outcome.pagedAfterMs).toBeLessThanOrEqual(TICK_MS + GRACE_MS + 30 * SECOND);
  // Twice only where no store can tell one site what another has told.
  const pages = stores.some((site) => site === "sec") ? 2 : 1;
  expect(outcome.urgent).toEqual(Array.from({ length: pages }, () => "page ledger-silent"));
});

test("a store that is only read, and takes nothing in time, is told like one that is silent", async () => {
  const slow = { fault: "store-write-late", site: "neu", ms: 9 * SECOND, at: WHEN.before } as const;
  const outcome = await lose([slow]);
  expect(outcome.actsAfterMs).toBeNull();
  expect(outcome.pagedAfterMs).toBeLessThanOrEqual(TICK_MS + GRACE_MS + 30 * SECOND);
  expect(outcome.urgent).toEqual(["page ledger-silent"]);
});

test.each([2, 4])(
  "a store that takes %i s for each write: it acts all the same, and says once that it will",
  async (seconds) => {
    const slow = { fault: "store-write-late", site: "neu", ms: seconds * SECOND } as const;
    const outcome = await lose([{ ...slow, at: WHEN.before }]);
    // Six writes stand between the last look and the request.
    const writesMs = 6 * seconds * SECOND;
    expect(outcome.actsAfterMs).toBeLessThanOrEqual(TICK_MS + GRACE_MS + 30 * SECOND + writesMs);
    expect(outcome.urgent).toEqual(["about-to-fail-over"]);
  },
);

test("a store so slow that the decision is too old by then: one word ahead, one page, whatever it tries", async () => {
  const slow = { fault: "store-write-late", site: "neu", ms: 4_900, at: WHEN.before } as const;
  const outcome = await lose([slow]);
  expect(outcome.urgent).toEqual(["about-to-fail-over", "page"]);
});

test("a store that takes writes and loses its answers is told like one that is silent", async () => {
  const lost = { fault: "store-answer-lost", site: "neu", at: WHEN.before } as const;
  const outcome = await lose([lost]);
  expect(outcome.actsAfterMs).toBeNull();
  expect(outcome.pagedAfterMs).toBeLessThanOrEqual(TICK_MS + GRACE_MS + 30 * SECOND);
  expect(outcome.urgent).toEqual(["page ledger-silent"]);
});
