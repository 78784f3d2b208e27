import { afterEach, beforeEach, expect, it } from "vitest";
import { type FrontDoors, openFrontDoors } from "../../demo/front-doors.ts";
import { readScenario } from "../../demo/scenario.ts";
import { type Run, startRun } from "../../demo/start-run.ts";

let run: Run;
let doors: FrontDoors;

beforeEach(async () => {
  run = await startRun(readScenario("calm"), { config: null, mode: null, seed: 1 });
  await run.clock.runUntil(run.startAt + 60_000);
  doors = await openFrontDoors(run, 0);
});

afterEach(async () => {
  await doors.close();
  run.sites.stop();
});

/** The answer comes when simulated time has passed. */
async function call(site: string, path: string, key: string | null): Promise<Response> {
  const door = doors.doors.find((each) => each.site === site);
  const headers = key === null ? {} : { "x-functions-key": key };
  let settled = false;
  const answer = fetch(`${door?.url}/${path}`, { headers }).finally(() => {
    settled = true;
  });
  answer.catch(() => undefined);
  while (!settled) {
    await run.clock.runUntil(run.clock.now() + 20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer;
}

function keyOf(site: string): string {
  return doors.doors.find((each) => each.site === site)?.key ?? "";
}

it("every site answers status on its own port, with the key that was printed", async () => {
  expect(new Set(doors.doors.map(({ url }) => url)).size).toBe(3);
  for (const { site, key } of doors.doors) {
    const answer = await call(site, "status", key);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ site });
  }
});

it("without the key nothing is told", async () => {
  expect((await call("neu", "status", null)).status).toBe(401);
  expect((await call("neu", "status", "wrong")).status).toBe(401);
});

it("a site that is down refuses connections, and answers on the same port when it is back", async () => {
  run.world.inject({ fault: "site-stopped", site: "weu", at: 0, for: 60_000 });
  await run.clock.runUntil(run.clock.now() + 30_000);
  await doors.reopen();
  await expect(call("weu", "status", keyOf("weu"))).rejects.toThrow("fetch failed");
  await run.clock.runUntil(run.clock.now() + 90_000);
  await doors.reopen();
  expect((await call("weu", "status", keyOf("weu"))).status).toBe(200);
});

it("a port that is taken is passed over", async () => {
  const taken = Number(new URL(doors.doors[0]?.url ?? "").port);
  const other = await openFrontDoors(run, taken);
  const ports = other.doors.map(({ url }) => Number(new URL(url).port));
  await other.close();
  expect(ports[0]).toBeGreaterThan(taken);
  expect(ports[0]).toBeLessThanOrEqual(taken + 50);
});
