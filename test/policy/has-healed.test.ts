import { expect, test } from "vitest";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import { decide } from "../../shared/policy/decide.ts";
import { hasHealed } from "../../shared/policy/evidence/has-healed.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { trackOutage } from "../../shared/policy/evidence/track-outage.ts";
import { facts, MINUTE, NOW, peace, policy } from "../support/facts.ts";

const FORCED = { kind: "forced", diagnosis: "trouble" } as const;
const PLANNED = { kind: "planned", diagnosis: "flapping" } as const;
const DOWN: Outage = { ...NO_OUTAGE, onsetAt: NOW - MINUTE };
const { decision } = decide(facts(), policy());

function healed(asked: typeof FORCED | typeof PLANNED, outage: Outage, sees = "none"): boolean {
  const diagnosis = sees === "flapping" ? "flapping" : "none";
  const incident = { outage, decision: { ...decision, diagnosis }, countedUntilAt: NOW } as const;
  return hasHealed(asked, incident, NOW);
}

test("nothing is forced on a primary that a majority sees serve, though its trouble has not ended", () => {
  expect(healed(FORCED, DOWN)).toBe(false);
  expect(healed(FORCED, { ...DOWN, upSinceAt: NOW })).toBe(true);
});

test("nor when neither outage nor trouble runs any more", () => {
  expect(healed(FORCED, NO_OUTAGE)).toBe(true);
  expect(healed(FORCED, { ...NO_OUTAGE, partialSinceAt: NOW })).toBe(false);
});

test("a planned failover of what comes and goes may be approved between two outages, and not when that is past", () => {
  expect(healed(PLANNED, { ...NO_OUTAGE, upSinceAt: NOW }, "flapping")).toBe(false);
  expect(healed(PLANNED, { ...NO_OUTAGE, upSinceAt: NOW })).toBe(true);
  expect(healed(PLANNED, DOWN)).toBe(false);
});

test("what nobody has looked at for a minute is not called healed, nor what was never looked at", () => {
  const incident = { outage: NO_OUTAGE, decision: null };
  const at = (countedUntilAt: number | null) =>
    hasHealed(FORCED, { ...incident, countedUntilAt }, NOW);
  expect([at(NOW - MINUTE), at(NOW - MINUTE - 1), at(null)]).toEqual([true, false, false]);
});

test("a majority serves since the first round that says so, and until one does not", () => {
  const round = (given: typeof facts, before: Outage, now: number) =>
    trackOutage(
      before,
      { now, judgement: judgeObservations(given(), policy()), attemptEndedAt: null },
      policy(),
    );
  const first = round(peace, NO_OUTAGE, NOW);
  expect(first.upSinceAt).toBe(NOW);
  expect(round(peace, first, NOW + MINUTE).upSinceAt).toBe(NOW);
  expect(round(facts, first, NOW + MINUTE).upSinceAt).toBeNull();
});
