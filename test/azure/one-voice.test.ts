// I14, through the adapters to the votes: whatever another site says changes at most its own vote, and whatever
// Resource Manager, the logs or a vault say changes none.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Decided } from "../../shared/domain/receipt.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { type LostRegion, loseRegionOnTheWire, lostGroup } from "../support/lost-on-the-wire.ts";
import { THOROUGH } from "../support/thorough.ts";
import { anyAnswer } from "./any-answer.ts";

const LONG_MS = 240_000;
const RUNS = { seed: 20261130, numRuns: THOROUGH ? 100 : 6 };

let lost: LostRegion;
let before: readonly string[];
beforeAll(async () => {
  lost = await loseRegionOnTheWire();
  before = votesOf(await lost.decide({}));
});

/** How each site votes, and which region it is taken to be in. */
function votesOf({ facts }: Decided): readonly string[] {
  return judgeObservations(facts, lostGroup.policy).votes.map(
    ({ vantage, region, vote, result }) => `${vantage} in ${region}: ${vote}, ${result}`,
  );
}

type Json = Readonly<Record<string, unknown>>;

const names = fc.constantFrom("weu", "neu", "sec", "", "SEC");
const lie = fc.record(
  {
    vantage: names,
    region: fc.constantFrom("westeurope", "northeurope", "swedencentral", ""),
    target: fc.constantFrom("home", "partner"),
    result: fc.constantFrom("writes", "alive", "blind", "not-serving", "no-answer"),
    code: fc.constantFrom("ok", "login-timed-out", "ECONNREFUSED", "9001", "3906", "no-name"),
    failedDatabases: fc.constantFrom([], ["orders"], ["a", "b"]),
    regionReference: fc.constantFrom("ok", "failed", "unknown"),
    startedAgeMs: fc.constantFrom(9_000, 10_000, 60_000, 179_000, 3_600_000),
    endedAgeMs: fc.constantFrom(0, 1_000, 9_000, 60_000),
  },
  { requiredKeys: [] },
);
const report = fc.record(
  {
    site: names,
    looks: fc.tuple(fc.array(lie, { maxLength: 20 }), fc.constantFrom(1, 1, 1, 10, 250)),
    secondary: fc.constantFrom(
      null,
      { side: "home", sql: "answers" },
      { side: "partner", sql: "silent" },
    ),
    lastTickAgeMs: fc.constantFrom(null, 0, 1e12),
    error: fc.constantFrom({ code: "InternalServerError" }, "x"),
  },
  { requiredKeys: [] },
);

test("two sites vote down, and one says nothing, so that what follows says something", () =>
  expect(before).toEqual([
    "weu in westeurope: abstain, null",
    "neu in northeurope: down, no-answer",
    "sec in swedencentral: down, no-answer",
  ]));

test(
  "whatever another site reports, nobody else votes otherwise",
  async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(report, async ({ looks, ...rest }) => {
        const decided = await lost.decide({
          report: (_, text) => {
            const said: Json & { looks: readonly Json[] } = JSON.parse(text);
            const [honest] = said.looks.slice(-1);
            const [lies, times] = looks ?? [[], 1];
            const told = lies.map((each) => ({ ...honest, ...each }));
            const all = Array.from({ length: times }, () => told).flat();
            return JSON.stringify({ ...said, ...rest, ...(looks && { looks: all }) });
          },
        });
        const after = votesOf(decided);
        expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
        if (after[2] !== before[2]) changed += 1;
      }),
      RUNS,
    );
    expect(changed).toBeGreaterThan(0);
  },
  LONG_MS,
);

test(
  "whatever Azure answers to one question, or to all of them, nobody votes otherwise",
  async () => {
    // Without a token nobody can look: that is no vote, and is shown elsewhere.
    const drawn = fc.record({ answer: anyAnswer, nth: fc.nat(6), all: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ answer, nth, all }) => {
        const decided = await lost.decide({
          answer: (url, said) =>
            url.includes("table") || url.includes("/token") || !(all || url.length % 7 === nth)
              ? said
              : answer,
        });
        expect(votesOf(decided)).toEqual(before);
      }),
      RUNS,
    );
  },
  LONG_MS,
);
