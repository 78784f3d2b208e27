// Words on one guard that sites with different clocks write into two stores.

import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import type { LastRoleChange } from "../../shared/domain/facts.ts";
import type { Override } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import {
  type KeptOverride,
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

test("a word is taken back once, while it stands, and not where nobody said it", async () => {
  const { neu, run } = startStores();
  const takeBack = (now: number) => run(withdrawOverride(neu, "cooldown", now));
  expect(await takeBack(START)).toBe(false);
  await run(keepOverride(neu, WORD));
  expect(await takeBack(WORD.expiresAt)).toBe(false);
  expect(await takeBack(WORD.expiresAt - 1)).toBe(true);
  expect(await takeBack(WORD.expiresAt - 1)).toBe(false);
});

describe("a word stands", () => {
  const kept = (change: Partial<KeptOverride> = {}): KeptOverride => ({
    ...WORD,
    withdrawnAt: null,
    ...change,
  });
  const standing = (
    words: readonly KeptOverride[],
    now = START + MINUTE,
    roles: LastRoleChange = { kind: "none" },
  ) => standingOverrides(words, now, roles).map(({ reason }) => reason);

  test("until the instant at which it expires", () => {
    expect(standing([kept()], WORD.expiresAt - 1)).toEqual([WORD.reason]);
    expect(standing([kept()], WORD.expiresAt)).toEqual([]);
  });

  test("if it was said after the roles last moved, and never while nobody knows when that was", () => {
    const after = { kind: "known", at: START - 1 } as const;
    expect(standing([kept()], START + MINUTE, after)).toEqual([WORD.reason]);
    expect(standing([kept()], START + MINUTE, { kind: "known", at: START })).toEqual([]);
    const unknown = { kind: "unknown", because: "store-silent" } as const;
    expect(standing([kept()], START + MINUTE, unknown)).toEqual([]);
  });

  test("if nobody said another since, on whichever store; of two of one moment the withdrawal holds", () => {
    const later = kept({ reason: "later", madeAt: START + 1 });
    expect(standing([kept(), later])).toEqual(["later"]);
    expect(standing([later, kept()])).toEqual(["later"]);
    const backAtOnce = kept({ withdrawnAt: START });
    expect(standing([kept(), backAtOnce])).toEqual([]);
    expect(standing([backAtOnce, kept()])).toEqual([]);
    expect(standing([kept({ withdrawnAt: START + 2 }), later])).toEqual([]);
    expect(
      standing([kept({ withdrawnAt: START + 1, reason: "early" }), kept({ madeAt: START + 2 })]),
    ).toEqual([WORD.reason]);
  });

  test("of two words of one moment the first that is heard, since both lift the same", () => {
    expect(standing([kept({ reason: "first" }), kept({ reason: "second" })])).toEqual(["first"]);
  });

  test("for its own guard, beside the word on another", () => {
    const other = kept({ guard: "key-denied", reason: "of another guard" });
    expect(standing([kept(), other])).toEqual([WORD.reason, "of another guard"]);
  });
});
