import { describe, expect, test } from "vitest";
import { TravellingReport } from "../../shared/domain/travelling.ts";
import { callSite } from "../support/call-site.ts";
import { GROUP, MINUTE, SECOND, SETTLED_MS, simulate } from "../support/simulated-sites.ts";

async function toldBy(site: string, how: "down" | "stale" | "for-others") {
  const sim = await simulate({ faults: [{ fault: "peer-lies", site, how, at: 0 }] });
  await sim.runTo(SETTLED_MS);
  const send = sim.sites.sendFrom({ name: "neu", region: "northeurope" });
  let text = "";
  const url = `https://${site}.example.net/api/observations/${GROUP}`;
  const answer = send({ method: "GET", url, headers: {}, timeoutMs: 5_000 });
  await sim.runTo(SETTLED_MS + 10 * SECOND);
  text = (await answer).text;
  sim.sites.stop();
  return TravellingReport.parse(JSON.parse(text));
}

describe("a site that lies of its looks", () => {
  test("says down of what it has seen well", async () => {
    const { looks } = await toldBy("sec", "down");
    expect(new Set(looks.map(({ result }) => result))).toEqual(new Set(["no-answer"]));
  });

  test("tells as of old, and nothing new", async () => {
    const { looks } = await toldBy("sec", "stale");
    for (const { endedAgeMs } of looks) expect(endedAgeMs).toBeGreaterThanOrEqual(2 * MINUTE);
  });

  test("speaks for the others", async () => {
    const { looks } = await toldBy("sec", "for-others");
    expect(new Set(looks.map(({ vantage }) => vantage))).toEqual(new Set(["sec", "neu", "weu"]));
  });
});

describe("a site whose process stands still", () => {
  const stall = { fault: "site-stalls", site: "sec", at: SETTLED_MS, for: 40 * SECOND } as const;

  test("answers nobody until it is over, and then goes on", async () => {
    const sim = await simulate({ faults: [stall] });
    await sim.runTo(SETTLED_MS + SECOND);
    const asked = sim.clock.now();
    expect(await callSite(sim, "health", null, "sec", "GET")).toMatchObject({ status: 200 });
    expect(sim.clock.now() - asked).toBeGreaterThanOrEqual(35 * SECOND);
    sim.sites.stop();
  });
});
