import { describe, expect, test } from "vitest";
import { GuardId } from "../../shared/domain/guard.ts";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import { decide } from "../../shared/policy/decide.ts";
import { hasHealed } from "../../shared/policy/evidence/has-healed.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { trackOutage } from "../../shared/policy/evidence/track-outage.ts";
import { checkDecision } from "../../shared/policy/second-opinion/check-decision.ts";
import {
  approval,
  call,
  facts,
  look,
  MINUTE,
  NOW,
  outage,
  peace,
  policy,
  trouble,
} from "../support/facts.ts";

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

describe("an approval that waited while the primary healed", () => {
  const approved = (kind: "forced" | "planned", change: Parameters<typeof peace>[0] = {}) =>
    peace({
      outage: { ...NO_OUTAGE, trouble: trouble() },
      approvals: [approval({ kind, diagnosis: "trouble", guards: [...GuardId.options] })],
      ...change,
    });
  const decided = (given: ReturnType<typeof approved>) => decide(given, policy()).decision;

  test("forces nothing while a majority sees it serve, though its trouble has not ended", () => {
    expect(decided(approved("forced"))).toMatchObject({ rule: "healed", verdict: "hold" });
    const one = { looks: [look("neu"), ...peace().looks.slice(2)] };
    expect(decided(approved("forced", one))).toMatchObject({ verdict: "fail-over" });
  });

  test("nor is one to force spent on a planned failover; one to go by a planned one is", () => {
    const answers = { outage: { ...NO_OUTAGE, trouble: trouble({ answeredAt: NOW }) } };
    expect(decided(approved("forced", answers)).rule).toBe("healed");
    const planned = { verdict: "fail-over", kind: "planned" };
    expect(decided(approved("planned", answers))).toMatchObject(planned);
    const both = [...approved("forced").approvals, ...approved("planned").approvals];
    expect(decided(approved("planned", { ...answers, approvals: both }))).toMatchObject(planned);
  });

  test("and one to go by a planned failover never forces", () =>
    expect(decided(approved("planned")).verdict).toBe("ask"));

  test("is used when it fails again: nothing was taken back", () => {
    const again = { looks: facts().looks, outage: outage({ trouble: trouble(), outageMs: 0 }) };
    expect(decided(approved("forced", again))).toMatchObject({ verdict: "fail-over" });
  });

  test("does not bind whoever calls for it and accepts what stands in the way", () => {
    const called = call({ kind: "forced", accepts: [...GuardId.options] });
    expect(decided(approved("forced", { call: called })).rule).toBe("call-accepted");
  });

  test("is refused by the second opinion for itself, whatever a rule says", () => {
    const { decision: lost } = decide(facts(), policy());
    const check = (given: ReturnType<typeof approved>, kind: "forced" | "planned") => {
      const acts = { ...lost, kind, diagnosis: "trouble" } as const;
      const checked = checkDecision(acts, given, policy());
      return checked.kind === "sound" ? "sound" : checked.because;
    };
    expect(check(approved("forced"), "forced")).toBe("healed");
    expect(check(approved("forced"), "planned")).toBe("healed");
    expect(check(approved("planned"), "planned")).toBe("sound");
    const down = { looks: facts().looks };
    expect(check(approved("forced", down), "forced")).toBe("sound");
    expect(check(approved("forced", { ...down, outage: NO_OUTAGE }), "forced")).toBe("healed");
  });
});
