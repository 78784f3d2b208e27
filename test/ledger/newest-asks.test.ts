import { VirtualClock } from "functions-host/clock";
import { expect, test } from "vitest";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { asksIn, forgetOldAsks, openAsk } from "../../shared/ledger/people.ts";
import { createMemoryStore } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { ask, bookAt, NOW } from "../support/ledger-rows.ts";
import { configOf, GROUP } from "../support/simulated-sites.ts";

test("an ask of the way home is newer than all that its incident has asked before: it is found, and stays", async () => {
  const clock = new VirtualClock(NOW);
  const { groups, sites, self } = configOf();
  const world = createWorld({ clock, seed: 1, groups, sites });
  const book = bookAt(createMemoryStore(world, self, "neu"), clock);
  const home = `inc-1-home~${(NOW + 60_000).toString(36)}~digest`;
  const work = (async () => {
    for (let nth = 0; nth < 25; nth++) {
      const id = `inc-1~${(NOW + nth).toString(36)}~digest`;
      await openAsk(book, ask({ id, answer: "withdrawn" }));
    }
    await openAsk(book, ask({ id: home, incidentId: "inc-1-home" }));
    await forgetOldAsks(await readLive(book), 10);
    return asksIn(await readLive(book));
  })();
  let newest: Awaited<typeof work> | null = null;
  const known = work.then((asks) => {
    newest = asks;
  });
  await clock.runUntil(() => newest !== null);
  await known;
  expect((await work)[0]?.id).toBe(home);
  expect(world.stores.get("neu")?.parts.get(`${GROUP}/ask`)?.size).toBe(20);
});
