// Of trouble that lasts: whatever is missing, late or waited for, nobody is left without a word. Each pair of facts is
// compared with itself. What follows of the rules alone is here; test/bench/laws-of-the-loop.test.ts plays incidents.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { findHeld } from "../../shared/policy/conditions/find-held.ts";
import { decide } from "../../shared/policy/decide.ts";
import { anyPolicy, anyUnattended } from "../support/any-facts.ts";
import { conditionEvidence } from "../support/conditions.ts";
import { HOUR, look, MINUTE, NOW, ONSET, SECOND, trouble } from "../support/facts.ts";

const RUNS = { seed: 20260115, numRuns: 1_500 };
const decided = (facts: Facts, policy: Policy) => decide(facts, policy).decision;

/** Nothing is done, nobody is asked, and no condition says why. */
function isSilent({ outage, now }: Facts, policy: Policy, decision: Decision): boolean {
  if (decision.verdict !== "hold") return false;
  const since = { incidentId: "inc-1", sinceAt: outage.trouble?.sinceAt ?? now };
  const change = { policy, decision, trouble: { ...since, outageKnownAt: outage.onsetAt } };
  const [held] = findHeld(conditionEvidence(change, {}, now), now);
  // A pause, and a store that a failover needs, have conditions of their own.
  const told = decision.guards.filter(({ guard }) => guard === "paused" || guard === "claim-store");
  return held?.state !== "bad" && told.every(({ state }) => state !== "closed");
}

test("one more vantage that never reports makes an ask of an act at worst, and acts in no place of a hold", () => {
  let acted = 0;
  fc.assert(
    fc.property(anyUnattended, anyPolicy, (given, policy) => {
      const facts = { ...given, outage: { ...given.outage, trouble: trouble() } };
      const vantages = [...policy.vantages, { name: "nor", region: "norwayeast" }];
      const [before, after] = [policy, { ...policy, vantages }].map((p) => decided(facts, p));
      if (before?.verdict === "fail-over") acted += 1;
      else expect(after?.verdict).not.toBe("fail-over");
      if (before?.verdict === "fail-over" || before?.verdict === "ask") {
        expect(after && isSilent(facts, policy, after)).toBe(false);
      }
    }),
    RUNS,
  );
  expect(acted).toBeGreaterThan(10);
});

const late = fc.integer({ min: 0, max: 5 * MINUTE });
const anyTelemetry = fc.record({
  application: fc
    .tuple(fc.constantFrom(0, 0.49, 0.5, 1), late)
    .map(([value, ageMs]) => ({ kind: "ratio" as const, value, ageMs, windowMs: MINUTE })),
  advice: fc.array(
    fc.record({
      source: fc.constantFrom("resource-health", "service-health", "maintenance", "primary-arm"),
      kind: fc.constantFrom("ok" as const, "bad" as const, "unknown" as const),
      said: fc.constant("any"),
      ageMs: late,
    }),
    { maxLength: 3 },
  ),
});

test("telemetry that is up to five minutes late changes nothing about a lost region", () => {
  const known = { onsetAt: NOW - 2 * SECOND, trouble: null };
  let acted = 0;
  fc.assert(
    fc.property(anyUnattended, anyPolicy, anyTelemetry, (given, policy, telemetry) => {
      const looks = [look("neu"), look("sec")];
      // What is told late began before the onset, be it counted to its very end.
      const onsetAt = Math.max(ONSET, NOW - telemetry.application.ageMs);
      const facts = { ...given, looks, outage: { ...given.outage, ...known, onsetAt } };
      const untold = { application: { kind: "unknown", because: "late" } as const, advice: [] };
      const before = decided({ ...facts, ...untold }, policy);
      if (before.verdict === "fail-over") acted += 1;
      expect(decided({ ...facts, ...telemetry }, policy)).toEqual(before);
    }),
    RUNS,
  );
  expect(acted).toBeGreaterThan(10);
});

/** The same facts, seen again after so long. */
function seenAgainAfter(facts: Facts, byMs: number): Facts {
  const { outage } = facts;
  const anew = (at: number | null) => (at === null ? null : at + byMs);
  const counted = outage.onsetAt === null ? 0 : byMs;
  return {
    ...facts,
    now: facts.now + byMs,
    looks: facts.looks.map((one) => ({
      ...one,
      startedAt: one.startedAt + byMs,
      endedAt: one.endedAt + byMs,
    })),
    outage: {
      ...outage,
      outageMs: outage.outageMs + counted,
      sinceAttemptMs: outage.sinceAttemptMs + counted,
      lastDownAt: anew(outage.lastDownAt),
      lastNotServingAt: anew(outage.lastNotServingAt),
    },
  };
}

test("waiting longer makes no silence of an ask while the facts stay as they are", () => {
  let asked = 0;
  const waits = fc.constantFrom(MINUTE, 20 * MINUTE, 3 * HOUR);
  const since = fc.constantFrom(null, trouble({ sinceAt: ONSET }), trouble());
  fc.assert(
    fc.property(anyUnattended, anyPolicy, waits, since, (given, policy, byMs, stands) => {
      const facts = { ...given, outage: { ...given.outage, trouble: stands } };
      const before = decided(facts, policy);
      // What comes and goes does not stay as it is at any one instant.
      if (before.verdict !== "ask" || before.diagnosis === "flapping") return;
      asked += 1;
      const after = seenAgainAfter(facts, byMs);
      expect(isSilent(after, policy, decided(after, policy))).toBe(false);
    }),
    RUNS,
  );
  expect(asked).toBeGreaterThan(100);
});
