// Words on one guard that sites with different clocks write into two stores.

import { VirtualClock } from "functions-host/clock";
import { expect, test } from "vitest";
import type { Override } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import {
  keepOverride,
  overridesIn,
  standingOverrides,
  withdrawOverride,
} from "../../shared/ledger/overrides.ts";
import { createMemoryStores } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { bookAt } from "../support/ledger-rows.ts";
import { configOf, GROUP, MINUTE, START } from "../support/simulated-sites.ts";

const WORD: Override = {
  guard: "cooldown",
  group: GROUP,
  incidentId: null,
  expectedPrimary: "home",
  lossAtMostMs: null,
  reason: "the vault's network is being rebuilt",
  actor: { name: "ada", proof: "claimed" },
  madeAt: START,
  expiresAt: START + 60 * MINUTE,
};
const AHEAD = { ...WORD, madeAt: START + 10 * MINUTE };

function startStores() {
  const clock = new VirtualClock(START);
  const { groups, sites, self } = configOf("neu");
  const stores = createMemoryStores(createWorld({ clock, seed: 1, groups, sites }), self);
  const [there, here] = [stores.get("neu"), stores.get("weu")];
  if (there === undefined || here === undefined) throw new Error("no stores");
  const [neu, weu] = [bookAt(there, clock), bookAt(here, clock)];
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    work.then(mark, mark);
    await clock.runUntil(() => done);
    return work;
  };
  const standing = async (...at: readonly Book[]) => {
    const rows = await run(Promise.all(at.map(readLive)));
    const kept = rows.flatMap(overridesIn);
    return standingOverrides(kept, START + MINUTE, { kind: "none" }).map(({ actor }) => actor.name);
  };
  return { neu, weu, run, standing };
}

test("said by a site whose clock is ahead, taken back by another in the one store it reaches: it is over", async () => {
  const { neu, weu, run, standing } = startStores();
  for (const store of [neu, weu]) await run(keepOverride(store, AHEAD));
  expect(await run(withdrawOverride(neu, "cooldown", START + MINUTE))).toBe(true);
  expect(await standing(weu)).toEqual(["ada"]);
  expect(await standing(weu, neu)).toEqual([]);
  expect(await standing(neu, weu)).toEqual([]);
});

test("a later word takes the place of one from a clock that is ahead, also where only one store has it", async () => {
  const { neu, weu, run, standing } = startStores();
  for (const store of [neu, weu]) await run(keepOverride(store, AHEAD));
  const later: Override = { ...WORD, actor: { name: "eve", proof: "claimed" } };
  await run(keepOverride(neu, later));
  expect(await standing(weu, neu)).toEqual(["eve"]);
});

test("what was taken back can be said again before the clocks agree", async () => {
  const { neu, run, standing } = startStores();
  await run(keepOverride(neu, AHEAD));
  await run(withdrawOverride(neu, "cooldown", START + MINUTE));
  await run(keepOverride(neu, { ...WORD, madeAt: START + MINUTE }));
  expect(await standing(neu)).toEqual(["ada"]);
});
