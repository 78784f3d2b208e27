import { beforeAll, expect, it } from "vitest";
import { judgeRun } from "../../demo/judge-run.ts";
import { type Outcome, readOutcome } from "../../demo/outcome.ts";
import { readScenario } from "../../demo/scenario.ts";
import { expectationsOf } from "../../demo/scenarios/expectations.ts";
import { type Run, startRun } from "../../demo/start-run.ts";
import { watchRun } from "../../demo/watch-run.ts";

let run: Run;
let outcome: Outcome;

beforeAll(async () => {
  run = await startRun(readScenario("blip-43s"), { config: null, mode: null, seed: 1 });
  await run.clock.runUntil(run.endAt);
  outcome = readOutcome(run, watchRun(run));
  run.sites.stop();
}, 60_000);

it("what was expected of a blip holds of a blip", () => {
  expect(judgeRun(run, outcome).every(({ holds }) => holds)).toBe(true);
});

it("what is expected of the loss of a region does not hold of a blip", () => {
  const findings = judgeRun(run, outcome, expectationsOf("region-loss", "automatic"));
  expect(findings.filter(({ holds }) => holds)).toEqual([]);
});

it("a request that the world received is seen, whatever the app says of it", () => {
  const post = {
    at: run.startAt,
    group: run.group.name,
    side: "partner",
    kind: "forced",
    from: "neu",
    answer: "accepted",
    operationId: null,
  } as const;
  const record = { ...run.world.record, posts: [post] };
  const findings = judgeRun({ ...run, world: { ...run.world, record } }, outcome);
  expect(findings.filter(({ holds }) => !holds).map(({ says }) => says)).toEqual([
    "no failover was requested",
  ]);
});

it("a loss beyond the receipt is seen", () => {
  const lost = {
    at: run.startAt,
    group: run.group.name,
    database: "orders",
    because: "not-replicated",
    rows: 1,
    firstAt: run.startAt,
    lastAt: run.startAt,
    lossMs: 2_001,
  } as const;
  const record = { ...run.world.record, losses: [lost] };
  const promised = (atMostSeconds: number) =>
    judgeRun(
      { ...run, world: { ...run.world, record } },
      { ...outcome, loss: { ...outcome.loss, atMostSeconds } },
      expectationsOf("vault-unreachable", "automatic"),
    ).find(({ says }) => says.includes("receipt"))?.holds;
  expect(promised(2)).toBe(false);
  expect(promised(2.1)).toBe(true);
});
