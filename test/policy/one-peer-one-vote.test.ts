// A peer speaks for itself alone (I14): whatever one site says changes at most its own vote.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createPeers } from "../../shared/azure/peers.ts";
import { LookResult } from "../../shared/domain/observation.ts";
import { LOOKS_TOLD_MAX, TOLD_MS } from "../../shared/domain/travelling.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { sites } from "../contract/world-under-test.ts";
import { look, NOW, peace, policy, SECOND } from "../support/facts.ts";

async function heard(report: unknown) {
  const send = async () => ({ status: 200, text: JSON.stringify(report) });
  return createPeers({ send, keyOf: () => null }).observe(sites.sec, "orders-fog", SECOND);
}

const LOOK = {
  vantage: "sec",
  region: "swedencentral",
  target: "home",
  result: "no-answer",
  code: "connect-timed-out",
  latencyMs: null,
  failedDatabases: [],
  regionReference: "failed",
  startedAgeMs: 9_000,
  endedAgeMs: 1_000,
};
const report = (looks: readonly unknown[], site: unknown = "sec") => ({
  ...{ version: 1, site, looks, secondary: null, lastTickAgeMs: 0 },
});

const anyName = fc.oneof(fc.constantFrom("weu", "neu", "sec", "", "SEC"), fc.string());
const anyAge = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, "5", null),
);
const anyLook = fc.record({
  vantage: anyName,
  region: fc.constantFrom("westeurope", "northeurope", "swedencentral", ""),
  target: fc.constantFrom("home", "partner"),
  result: fc.constantFrom(...LookResult.options),
  code: fc.string(),
  latencyMs: fc.constant(null),
  failedDatabases: fc.array(fc.string(), { maxLength: 2 }),
  regionReference: fc.constantFrom("ok", "failed", "unknown"),
  startedAgeMs: anyAge,
  endedAgeMs: anyAge,
});

test("whatever one site says, no other site votes otherwise", async () => {
  const others = [look("weu", { result: "writes" }), look("neu", { result: "alive" })];
  const votes = (looks: typeof others) =>
    judgeObservations({ ...peace(), looks }, policy()).votes.map(({ vantage, vote, result }) =>
      JSON.stringify({ vantage, vote, result }),
    );
  const before = votes(others);
  await fc.assert(
    fc.asyncProperty(fc.array(anyLook, { maxLength: 40 }), anyName, async (looks, site) => {
      const said = await heard(report(looks, site));
      const seen = said.kind === "unheard" ? [] : said.looks;
      const arrived = seen.map(({ startedAgeMs, endedAgeMs, ...rest }) => ({
        ...{ ...rest, startedAt: NOW - startedAgeMs, endedAt: NOW - endedAgeMs },
      }));
      const after = votes([...others, ...arrived]);
      expect(after.filter((vote, i) => vote !== before[i]).length).toBeLessThanOrEqual(1);
      expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
      expect(seen.every((one) => one.vantage === "sec" && one.region === sites.sec.region)).toBe(
        true,
      );
      if (site !== "sec") expect(said.kind).toBe("unheard");
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["under another site's name", report([LOOK], "neu")],
  ["under no name", report([LOOK], null)],
  ["whose look ended before it began", report([{ ...LOOK, endedAgeMs: 10_000 }])],
  ["whose age is no number", report([{ ...LOOK, startedAgeMs: Number.NaN }])],
  ["whose age is below zero", report([{ ...LOOK, startedAgeMs: -1, endedAgeMs: -1 }])],
  ["whose age is no time that anything lasts", report([{ ...LOOK, startedAgeMs: 1e15 }])],
  ["with a code of a megabyte", report([{ ...LOOK, code: "x".repeat(1_000_000) }])],
  ["of four thousand looks", report(Array.from({ length: 4_000 }, () => LOOK))],
])("a report %s is not heard", async (_, said) => expect((await heard(said)).kind).toBe("unheard"));

test("of a site's looks the newest count, and none that is older than what is told", async () => {
  const looks = Array.from({ length: 60 }, (_, i) => ({
    ...LOOK,
    startedAgeMs: 9_000 + i * 1_000,
    endedAgeMs: 1_000 + i * 1_000,
  }));
  const said = await heard(report([...looks].reverse()));
  expect(said.kind === "heard" && said.looks.map((one) => one.startedAgeMs)).toEqual(
    looks
      .slice(0, LOOKS_TOLD_MAX)
      .map((one) => one.startedAgeMs)
      .reverse(),
  );
  const old = await heard(
    report([{ ...LOOK, startedAgeMs: TOLD_MS + 9_000, endedAgeMs: TOLD_MS }]),
  );
  expect(old).toMatchObject({ kind: "heard", looks: [] });
});
