import { VirtualClock } from "functions-host/clock";
import { expect, test } from "vitest";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { startSites } from "../../simulator/sites.ts";
import { configOf, HOST_JSON, MINUTE, regionLost, START } from "../support/simulated-sites.ts";

test("a whole failover and the way home use nothing that is fragile on the real host", async () => {
  const config = configOf("neu", { cooldownMs: MINUTE });
  const clock = new VirtualClock(START);
  const faults = [regionLost({ for: 10 * MINUTE })];
  const world = createWorld({ clock, seed: 1, groups: config.groups, sites: config.sites, faults });
  const base = { config, world, clock, seed: 1, hostJson: HOST_JSON, edge: "port" as const };
  const sites = await startSites({ ...base, lint: true });
  await clock.runUntil(START + 70 * MINUTE);
  expect(world.record.roles.map(({ primary }) => primary)).toEqual(["home", "partner", "home"]);
  expect(sites.all.flatMap((host) => host.lint())).toEqual([]);
  sites.stop();
});
