import { expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import { type KeyProof, noKeyProof } from "../../shared/domain/watch.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { KEY_PROOF, keyProofIn, WATCH } from "../../shared/ledger/own-view.ts";
import { changeRow } from "../../shared/ledger/rows.ts";
import { decide } from "../../shared/policy/decide.ts";
import { type Bench, checkKey, startBench } from "../support/activity-bench.ts";
import { facts, policy } from "../support/facts.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

/** What the leading site knows of the key of the secondary. */
async function proofOf({ neu, group }: Pick<Bench, "neu" | "group">): Promise<KeyProof> {
  return keyProofIn(await readOwn(neu.stores.of(group)), "partner");
}

/** When the instance last answered, by this site's clock. */
async function answeredAt({ neu, group }: Bench): Promise<number | null> {
  return (await proofOf({ neu, group })).keyPath?.answeredAt ?? null;
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
    await bench.run(checkKey(bench.neu, bench.group, { decision }));
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
  await run(
    changeRow({ book: neu.stores.of(group).own, type: KEY_PROOF, id: "neu" }, (proof) =>
      proof === null ? null : { ...proof, keyPath },
    ),
  );
}

test("near the end of the grace none begins for a guard that a person has lifted: the request may be next", async () => {
  const bench = await startBench();
  await forgetProof(bench);
  const before = await bench.run(proofOf(bench));
  await checkFor(bench, 3 * MINUTE, 45 * SECOND, [LIFTED]);
  const after = await bench.run(proofOf(bench));
  expect([after.keyCheckedAt, after.keyCheck]).toEqual([before.keyCheckedAt, null]);
});

test("near the end of the grace a proof that is lacking is asked for: without it nothing is requested", async () => {
  const bench = await startBench();
  await forgetProof(bench);
  await checkFor(bench, 3 * MINUTE, 45 * SECOND);
  const { keyPath } = await bench.run(proofOf(bench));
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
  const ledger = bench.neu.stores.of(bench.group);
  await bench.run(
    changeRow({ book: ledger.own, type: KEY_PROOF, id: "neu" }, () => noKeyProof("partner")),
  );
  const asking = checkKey(bench.neu, bench.group);
  const move = changeRow({ book: ledger.own, type: WATCH, id: "neu" }, (watch) =>
    watch === null ? null : { ...watch, primary: "partner" as const },
  );
  await bench.run(Promise.all([asking, move]));
  const view = await bench.run(readOwn(ledger));
  expect(view.primary).toBe("partner");
  expect(keyProofIn(view, "home")).toEqual(noKeyProof("home"));
});
