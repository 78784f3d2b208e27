// What a round asks Resource Manager for, and that nothing acts on what an earlier round was told.

import { beforeEach, expect, test } from "vitest";
import { createLookAndDecide } from "../../functions/activities/look-and-decide.ts";
import { lookAndJudge } from "../../functions/deciding/decide-now.ts";
import type { Work } from "../../orchestrations/contracts.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { type Bench, loseRegion, startBench } from "../support/activity-bench.ts";
import { call } from "../support/facts.ts";
import { overheard } from "../support/overheard.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

const LOST = { fault: "instance-down", on: "home", at: 0 } as const;

let bench: Bench;
let asked: string[];
beforeEach(async () => {
  bench = await startBench();
  asked = [];
});

const GUARDING = ["databases", "group", "instance", "instance", "log", "operations", "operations"];

/** What this round of the motor asked for, and what it decided. */
async function round(work: Work): Promise<{ readonly verdict: string; readonly asks: string[] }> {
  asked.length = 0;
  const seen = await bench.run(createLookAndDecide(overheard(bench.neu, asked))(work));
  await bench.pass(2 * SECOND);
  return { verdict: seen.kind === "decided" ? seen.verdict : seen.kind, asks: asked.toSorted() };
}

test("the first round asks for everything, those of the grace for the roles and little more, the one that acts for all that guards", async () => {
  const work = await loseRegion(bench, LOST);
  const first = await round(work);
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  while (rounds.at(-1)?.verdict !== "fail-over") rounds.push(await round(work));
  const acts = rounds.pop();
  expect(first.asks).toEqual(["advice", ...GUARDING]);
  expect(rounds.length).toBeGreaterThan(10);
  for (const { asks } of rounds) {
    expect(asks).toContain("group");
    expect(asks.length).toBeLessThanOrEqual(2);
  }
  // One thing in each, and each of them about once a minute.
  const others = rounds.flatMap(({ asks }) => asks.filter((what) => what !== "group"));
  expect(new Set(others)).toEqual(new Set(["advice", ...GUARDING].filter((w) => w !== "group")));
  expect(acts?.asks).toEqual(expect.arrayContaining(GUARDING));
});

test("what has begun on the secondary since it was last asked stops the hand, also in a round that nobody foresaw to act", async () => {
  const work = await loseRegion(bench, LOST);
  await round(work);
  const app = overheard(bench.neu, asked);
  const ledger = app.stores.of(bench.group);
  const look = async () => {
    const view = await bench.run(readOwn(ledger));
    const incident = openIncidentIn(view.rows);
    const about = { inHand: [], purpose: "fail-over", workId: work.incidentId } as const;
    return bench.run(
      lookAndJudge(app, {
        ...{ ...about, ledger, view, incident, checksKey: true, sharesLook: false },
        call: call({
          kind: "forced",
          calledAt: bench.clock.now(),
          expiresAt: bench.clock.now() + MINUTE,
        }),
      }),
    );
  };
  asked.length = 0;
  const free = await look();
  expect(free.decision.verdict).toBe("fail-over");
  expect(asked).toEqual(expect.arrayContaining(GUARDING));
  expect(free.facts.now - (free.facts.askedSinceAt ?? 0)).toBeLessThan(10 * SECOND);
  bench.world.inject({ fault: "operation-running", on: "partner", name: "Scale", at: 0 });
  expect((await look()).decision).toMatchObject({ verdict: "hold", rule: "call-guard-absolute" });
});

test("what Resource Manager wants to be asked later is told with the incident, and nobody is taken for lost or well by it", async () => {
  const work = await loseRegion(bench, LOST);
  const before = await round(work);
  bench.world.inject({ fault: "arm-throttled", retryAfterSeconds: 20, at: 0 });
  const throttled = await round(work);
  expect(throttled.verdict).toBe(before.verdict);
  const incident = openIncidentIn(await bench.run(readLive(bench.neu.stores.of(bench.group).own)));
  expect(incident?.throttled).toMatchObject([{ what: "group" }]);
  expect(incident?.outage.onsetAt).not.toBeNull();
});
