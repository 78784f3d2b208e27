// What another site says is used only when it is said in the words of this release.

import { expect, test } from "vitest";
import { createPeers } from "../../shared/azure/peers.ts";
import { SECOND, sites } from "../contract/world-under-test.ts";

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
const REPORT = {
  version: 1,
  site: "sec",
  looks: [LOOK],
  tallies: [{ ageMs: 30_000, looks: 4, wrote: 3, slow: 2 }],
  secondary: { side: "partner", sql: "answers" },
  lastTickAgeMs: 2_000,
};

function withSecondary(sql: string) {
  return { ...REPORT, secondary: { side: "partner", sql } };
}

async function heard(text: string, status = 200) {
  const peers = createPeers({ send: async () => ({ status, text }), keyOf: () => null });
  return peers.observe(sites.sec, "orders-fog", SECOND);
}

test("a report in our words is heard", async () => {
  expect(await heard(JSON.stringify(REPORT))).toEqual({
    kind: "heard",
    looks: [LOOK],
    tallies: REPORT.tallies,
    secondary: { side: "partner", sql: "answers" },
    lastTickAgeMs: 2_000,
  });
});

test("a site that did not ask the secondary, and keeps no pace, is heard, and tells nothing of them", async () => {
  const untold = {
    kind: "heard",
    looks: [LOOK],
    tallies: [],
    secondary: null,
    lastTickAgeMs: 2_000,
  };
  expect(await heard(JSON.stringify({ ...REPORT, tallies: undefined, secondary: null }))).toEqual(
    untold,
  );
});

test("a pace that cannot be read costs its site no vote", async () => {
  const tallies = [{ ageMs: 25 * 3_600_000, looks: 4, wrote: 3, slow: 2 }];
  const told = await heard(JSON.stringify({ ...REPORT, tallies }));
  expect(told).toMatchObject({ kind: "heard", looks: [LOOK], tallies: [] });
});

test("a newer release that tells more is heard all the same", async () => {
  const more = { ...REPORT, weather: "fair", looks: [{ ...LOOK, colour: "grey" }] };
  expect(await heard(JSON.stringify(more))).toEqual(await heard(JSON.stringify(REPORT)));
});

test.each([
  ["of another version", { ...REPORT, version: 2 }],
  ["with a result that we do not know", { ...REPORT, looks: [{ ...LOOK, result: "down" }] }],
  ["of a side that we do not know", { ...REPORT, looks: [{ ...LOOK, target: "third" }] }],
  ["that lacks when it was seen", { ...REPORT, looks: [{ ...LOOK, startedAgeMs: undefined }] }],
  ["from the future", { ...REPORT, looks: [{ ...LOOK, endedAgeMs: -600_000 }] }],
  ["that leaves the secondary out", { ...REPORT, secondary: undefined }],
  ["of a secondary that we cannot place", { ...REPORT, secondary: { sql: "answers" } }],
  ["with a word for the secondary that we do not know", withSecondary("asleep")],
  ["of which one look of two is unreadable", { ...REPORT, looks: [LOOK, {}] }],
  ["that is a list", [REPORT]],
  ["that is nothing", null],
])("a report %s is not heard at all", async (_, report) => {
  const unheard = { kind: "unheard", because: "unreadable-report" };
  expect(await heard(JSON.stringify(report))).toEqual(unheard);
});

test.each([
  ["a page", "<html></html>", 200, "not-json"],
  ["an error", JSON.stringify(REPORT), 500, "http-500"],
  ["no such group", JSON.stringify(REPORT), 404, "http-404"],
  ["a redirect", JSON.stringify(REPORT), 302, "http-302"],
])("%s is not heard", async (_, text, status, because) => {
  expect(await heard(text, status)).toEqual({ kind: "unheard", because });
});

test("silence is not heard, and no tick is taken for made", async () => {
  const send = () => Promise.reject(new Error("Cannot send: no answer"));
  const peers = createPeers({ send, keyOf: () => null });
  expect(await peers.observe(sites.sec, "orders-fog", SECOND)).toEqual({
    kind: "unheard",
    because: "no-answer",
  });
  expect(await peers.tick(sites.sec, SECOND)).toBe("failed");
});
