// Whoever outside has too much to say must not keep a lost region from being left: what is kept is made shorter.

import { expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { TravellingReport } from "../../../shared/domain/travelling.ts";
import { type Bench, lookUntil, loseRegion, startBench } from "../../support/activity-bench.ts";
import { logged } from "../../support/facts.ts";

const NAMES = Array.from({ length: 300 }, (_, nth) => `${nth}`.padEnd(128, "é"));

/** Loses the region, and decides on what these ports say. */
async function decides(bench: Bench, ports: Partial<App["ports"]>): Promise<void> {
  const neu = { ...bench.neu, ports: { ...bench.neu.ports, ...ports } };
  const work = await loseRegion({ ...bench, neu });
  expect(await lookUntil({ ...bench, neu }, work, "fail-over")).toMatchObject({
    rule: "primary-lost",
  });
}

test("a site that names three hundred databases in each of its looks", async () => {
  const bench = await startBench();
  const { peers } = bench.neu.ports;
  await decides(bench, {
    peers: {
      ...peers,
      observe: async (site, group, timeoutMs) => {
        const report = await peers.observe(site, group, timeoutMs);
        if (report.kind === "unheard") return report;
        const looks = report.looks.map((look) => ({ ...look, failedDatabases: NAMES }));
        const { tallies, secondary, lastTickAgeMs } = report;
        const told = { version: 1, site: site.name, looks, tallies, secondary, lastTickAgeMs };
        return { ...report, looks: TravellingReport.parse(told).looks };
      },
    },
  });
});

test("an activity log of five thousand things that were done", async () => {
  const bench = await startBench();
  const { signals } = bench.neu.ports;
  const said = "x".repeat(300);
  const entries = Array.from({ length: 5_000 }, () => logged("other", { said }));
  const activity = async () => ({ kind: "read", entries }) as const;
  await decides(bench, { signals: { ...signals, activity } });
});
