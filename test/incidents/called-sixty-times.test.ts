// Everybody calls one site's tick at once, as peers do that miss its beat, and impatient people.

import { expect, test } from "vitest";
import { Heartbeat } from "../../shared/domain/watch.ts";
import { SECOND, SETTLED_MS, type Simulation, simulate } from "../support/simulated-sites.ts";

const CALLS = 60;

test("60 calls of one site's tick at once are one tick, and each is answered with what it came to", async () => {
  const sim = await simulate();
  await sim.runTo(SETTLED_MS + 3 * SECOND);
  const { keys, fetch } = callable(sim);
  const before = beatOf(sim);
  const call = () =>
    fetch({ method: "POST", url: "/api/tick", headers: { "x-functions-key": keys.host } });
  const asked = Promise.all(Array.from({ length: CALLS }, call));
  await sim.runTo(SETTLED_MS + 13 * SECOND);
  const answers = await asked;
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([200]);
  expect(new Set(answers.map(({ body }) => new TextDecoder().decode(body))).size).toBe(1);
  expect(beatOf(sim) - before).toBe(1);
  sim.sites.stop();
});

function callable({ sites }: Simulation) {
  const host = sites.host("neu");
  return { keys: host.keys, fetch: host.fetch.bind(host) };
}

/** How often the site has ticked. */
function beatOf({ world }: Simulation): number {
  const parts = [...(world.stores.get("neu")?.parts ?? [])];
  const rows = parts.flatMap(([name, part]) =>
    name.endsWith("/heartbeat") ? [...part.values()] : [],
  );
  return Heartbeat.parse(JSON.parse(rows[0]?.json ?? "null")).beat;
}
