// Both sides of every diagnosis: facts at which it is named, and one step further, where another is.

import { describe, expect, test } from "vitest";
import type { Diagnosis } from "../../shared/domain/diagnosis.ts";
import { type Advice, type Facts, KeyDoubt } from "../../shared/domain/facts.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import { DIAGNOSES, diagnose } from "../../shared/policy/evidence/diagnose.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { facts, look, MINUTE, NOW, outage, peace, policy, trouble } from "../support/facts.ts";

const nameOf = (given: Facts) => diagnose(given, judgeObservations(given, policy()), policy());
const writes = { result: "writes", code: "ok", latencyMs: 40 } as const;
const hangs = { result: "not-serving", code: "write-timed-out" } as const;
const weu = (change: Partial<Observation>) => look("weu", change);
const neu = (change: Partial<Observation>) => look("neu", change);
const sec = (change: Partial<Observation>) => look("sec", change);
const both = (change: Partial<Observation>) => [neu(change), sec(change)];
const ended = (agoMs: number) => ({ onsetAt: NOW - agoMs - 1, endedAt: NOW - agoMs, rounds: 2 });
const flaps = (agoMs: number) => [ended(0), ended(MINUTE), ended(agoMs)];
const { graceMs, probeTimeoutMs, rtoMs } = policy();
const key = (reason: "key-denied" | "key-unreachable"): Facts["inaccessible"] => ({
  kind: "read",
  databases: [{ name: "orders", reason }],
});
const OTHERWISE_LOST = { name: "stock", reason: "other" } as const;
const DENIED = [{ name: "orders", reason: "key-denied" } as const];
const advice = (source: Advice["source"], kind: Advice["kind"]) =>
  peace({ advice: [{ source, kind, said: "any", ageMs: 0 }] });

const SIDES: readonly (readonly [Diagnosis, yes: Facts, no: Facts])[] = [
  [
    "key-denied",
    facts({ keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } }),
    facts({ keyPath: { kind: "proven", ageMs: 0 } }),
  ],
  [
    "key-denied",
    facts({ inaccessible: key("key-denied") }),
    facts({ inaccessible: key("key-unreachable") }),
  ],
  [
    "key-denied",
    facts({ inaccessible: { kind: "read", databases: [OTHERWISE_LOST, ...DENIED] } }),
    facts({ inaccessible: { kind: "read", databases: [OTHERWISE_LOST] } }),
  ],
  [
    "trouble",
    facts({ looks: [neu({})], outage: outage({ trouble: trouble() }) }),
    facts({ looks: [neu({})], outage: outage({ trouble: trouble({ sinceAt: NOW - rtoMs + 1 }) }) }),
  ],
  // A majority that votes down alone is acted on as soon as its grace is over.
  [
    "trouble",
    facts({ outage: outage({ outageMs: graceMs - 1, trouble: trouble() }) }),
    facts({ outage: outage({ outageMs: graceMs, trouble: trouble() }) }),
  ],
  [
    "trouble",
    facts({
      looks: [weu({ result: "alive" }), ...both({})],
      outage: outage({ trouble: trouble() }),
    }),
    facts({ looks: both({}), outage: outage({ trouble: trouble() }) }),
  ],
  // Whoever is answered and refused by a majority is told of that, not of trouble.
  [
    "trouble",
    facts({ looks: [neu({ result: "alive" })], outage: outage({ trouble: trouble() }) }),
    facts({ looks: both({ result: "alive" }), outage: outage({ trouble: trouble() }) }),
  ],
  [
    "flapping",
    peace({ outage: { ...NO_OUTAGE, ended: flaps(30 * MINUTE - 1) } }),
    peace({ outage: { ...NO_OUTAGE, ended: flaps(30 * MINUTE) } }),
  ],
  [
    "flapping",
    facts({ outage: outage({ ended: flaps(0), outageMs: graceMs - 1 }) }),
    facts({ outage: outage({ ended: flaps(0), outageMs: graceMs }) }),
  ],
  [
    "partial-loss",
    peace({ looks: both({ ...writes, failedDatabases: ["orders"] }) }),
    peace({ looks: [neu({ ...writes, failedDatabases: ["orders"] }), sec(writes)] }),
  ],
  [
    "gray-latency",
    facts({ outage: outage({ wasSlow: true }) }),
    facts({ outage: outage({ wasSlow: false }) }),
  ],
  [
    "gray-latency",
    facts({ outage: outage({ wasSlow: true }) }),
    facts({ looks: [neu({})], outage: outage({ wasSlow: true }) }),
  ],
  [
    "path",
    facts({ looks: [neu({ regionReference: "ok" }), sec({})] }),
    facts({ looks: [neu({ regionReference: "unknown" }), sec({})] }),
  ],
  [
    "path",
    facts({ looks: [weu({ result: "alive" }), ...both({})] }),
    facts({ looks: [weu({ result: "blind" }), ...both({})] }),
  ],
  [
    "path",
    facts({ looks: [weu({ result: "blind" }), neu({ regionReference: "ok" }), sec({})] }),
    facts({ looks: [weu({}), neu({ regionReference: "ok" }), sec({})] }),
  ],
  [
    "gray-writes",
    facts({ looks: [neu(hangs), sec({})] }),
    facts({ looks: both({ ...hangs, code: "40613" }) }),
  ],
  [
    "gray-writes",
    facts({ looks: both({ ...hangs, code: "write-cut" }) }),
    facts({ looks: [neu({ ...hangs, code: "write-cut" })] }),
  ],
  ...KeyDoubt.exclude(["unreachable"]).options.map((reason): readonly [Diagnosis, Facts, Facts] => [
    "key-unreachable",
    facts({ keyPath: { kind: "unknown", reason: "unreachable", because: "any" } }),
    facts({ keyPath: { kind: "unknown", reason, because: "AkvKeyTimeout" } }),
  ]),
  ["instance-loss", facts({ looks: [weu({}), ...both({})] }), facts()],
  ["regional-loss", facts(), facts({ looks: [neu({})] })],
  [
    "dns",
    facts({ looks: both({ result: "blind", code: "no-name" }) }),
    facts({ looks: [neu({ result: "blind", code: "no-name" })] }),
  ],
  [
    "identity",
    facts({ looks: both({ result: "alive", code: "18456" }) }),
    facts({ looks: [neu({ result: "alive", code: "18456" }), sec(writes)] }),
  ],
  [
    "overload",
    facts({ looks: both({ result: "alive", code: "10928" }) }),
    facts({ looks: both({ result: "alive", code: "18470" }) }),
  ],
  [
    "gray-latency",
    peace({ looks: both({ ...writes, latencyMs: probeTimeoutMs / 2 }) }),
    peace({ looks: both({ ...writes, latencyMs: probeTimeoutMs / 2 - 1 }) }),
  ],
  ["unclear", facts({ looks: [neu({}), sec(writes)] }), facts({ looks: both(writes) })],
  [
    "unclear",
    facts({ looks: [] }),
    facts({ looks: [neu({ result: "alive", code: "no-canary" })] }),
  ],
  ["maintenance", advice("maintenance", "bad"), advice("alert", "bad")],
  ...(["failing", "throttled", "unknown"] as const).map(
    (kind): readonly [Diagnosis, Facts, Facts] => [
      "control-plane",
      advice("primary-arm", kind),
      advice("primary-arm", "ok"),
    ],
  ),
  ["control-plane", advice("secondary-arm", "failing"), advice("secondary-arm", "bad")],
  ["control-plane", advice("secondary-arm", "failing"), advice("identity", "failing")],
  ["none", peace(), peace({ looks: [] })],
];

describe("both sides of", () => {
  test.each(SIDES)("%s", (diagnosis, yes, no) => {
    expect(nameOf(yes)).toBe(diagnosis);
    expect(nameOf(no)).not.toBe(diagnosis);
  });

  test("every diagnosis", () =>
    expect([...new Set(SIDES.map(([diagnosis]) => diagnosis))]).toEqual(
      DIAGNOSES.map(({ diagnosis }) => diagnosis),
    ));

  test.each([
    ["dns", ["no-name", "11001", "ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "SERVFAIL"]],
    ["identity", ["no-token", "EFEDAUTH", "18452", "18456", "18470", "18487"]],
    ["overload", ["10928", "10929", "40501", "49918", "49919", "49920"]],
  ])("%s, by every code that says so", (diagnosis, codes) => {
    for (const code of codes) {
      expect(nameOf(facts({ looks: both({ result: "blind", code }) }))).toBe(diagnosis);
    }
  });

  test("a maintenance notice is no reason under a down-majority", () =>
    expect(nameOf({ ...facts(), advice: advice("maintenance", "bad").advice })).toBe(
      "regional-loss",
    ));
});
