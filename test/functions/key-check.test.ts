import { expect, test } from "vitest";
import { advanceKeyCheck } from "../../functions/seeing/advance-key-check.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import { changeWatch, readWatch } from "../../shared/ledger/watches.ts";
import { decide } from "../../shared/policy/decide.ts";
import { type Bench, startBench } from "../support/activity-bench.ts";
import { facts, policy } from "../support/facts.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

/** When the instance last answered, by this site's clock. */
async function answeredAt({ neu, group }: Bench): Promise<number | null> {
  return (await readWatch(neu.stores.own, group.name)).keyPath?.answeredAt ?? null;
}

const LIFTED = {
  guard: "key-unknown",
  strength: "liftable",
  state: "lifted",
  because: null,
} as const;

async function checkFor(
  bench: Bench,
  ms: number,
  graceLeftMs: number | null,
  guards: Decision["guards"] = [],
): Promise<void> {
  const decision = { ...decide(facts(), policy()).decision, graceLeftMs, guards };
  const untilAt = bench.clock.now() + ms;
  while (bench.clock.now() < untilAt) {
    await bench.run(advanceKeyCheck(bench.neu, bench.group, "home", { decision }));
    await bench.pass(10 * SECOND);
  }
}

test("while an outage waits out its grace the proof is never much older than a minute", async () => {
  const bench = await startBench();
  await checkFor(bench, 3 * MINUTE, 4 * MINUTE);
  const at = await bench.run(answeredAt(bench));
  expect(bench.clock.now() - (at ?? 0)).toBeLessThan(90 * SECOND);
});

test.each([
  ["near the end of the grace, when a request may be near", 45 * SECOND],
  ["after it", 0],
  ["in peace", null],
])("%s a good proof is left alone", async (_, graceLeftMs) => {
  const bench = await startBench();
  const before = await bench.run(answeredAt(bench));
  expect(before).not.toBeNull();
  await checkFor(bench, 3 * MINUTE, graceLeftMs);
  expect(await bench.run(answeredAt(bench))).toBe(before);
});

async function forgetProof({ neu, group, run }: Bench): Promise<void> {
  const keyPath = {
    answer: { kind: "unknown" as const, reason: "no-answer" as const, because: "503" },
    answeredAt: 0,
  };
  await run(changeWatch(neu.stores.own, group.name, (watch) => ({ ...watch, keyPath })));
}

test("near the end of the grace none begins for a guard that a person has lifted: the request may be next", async () => {
  const bench = await startBench();
  await forgetProof(bench);
  const before = await bench.run(readWatch(bench.neu.stores.own, bench.group.name));
  await checkFor(bench, 3 * MINUTE, 45 * SECOND, [LIFTED]);
  const after = await bench.run(readWatch(bench.neu.stores.own, bench.group.name));
  expect([after.keyCheckedAt, after.keyCheck]).toEqual([before.keyCheckedAt, null]);
});

test("near the end of the grace a proof that is lacking is asked for: without it nothing is requested", async () => {
  const bench = await startBench();
  await forgetProof(bench);
  await checkFor(bench, 3 * MINUTE, 45 * SECOND);
  const { keyPath } = await bench.run(readWatch(bench.neu.stores.own, bench.group.name));
  expect(keyPath?.answer.kind).toBe("proven");
});

test.each([4 * MINUTE, 45 * SECOND])(
  "a proof that is good for a minute only is renewed in time, with %i ms of the grace left",
  async (graceLeftMs) => {
    const bench = await startBench({ keyProofMs: MINUTE });
    await checkFor(bench, 2 * MINUTE, graceLeftMs);
    const ages: number[] = [];
    for (let round = 0; round < 12; round++) {
      await checkFor(bench, 10 * SECOND, graceLeftMs);
      ages.push(bench.clock.now() - ((await bench.run(answeredAt(bench))) ?? 0));
    }
    expect(Math.max(...ages)).toBeLessThan(MINUTE);
  },
);

test("the roles move while the secondary is asked: its answer proves nothing of the other one", async () => {
  const bench = await startBench();
  const { own } = bench.neu.stores;
  const nothing = { keyPath: null, keyCheckedAt: null, keyCheck: null };
  const moved = changeWatch(own, bench.group.name, (watch) => ({ ...watch, ...nothing }));
  await bench.run(moved);
  const asking = advanceKeyCheck(bench.neu, bench.group, "home", null);
  const move = changeWatch(own, bench.group.name, (watch) => ({ ...watch, primary: "partner" }));
  await bench.run(Promise.all([asking, move]));
  await bench.run(advanceKeyCheck(bench.neu, bench.group, "home", null));
  expect(await bench.run(readWatch(own, bench.group.name))).toMatchObject(nothing);
});
