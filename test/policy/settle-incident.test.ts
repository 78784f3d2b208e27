import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import type { GroupEvidence } from "../../shared/policy/conditions/condition-row.ts";
import { decide } from "../../shared/policy/decide.ts";
import { noteRatio } from "../../shared/policy/evidence/application.ts";
import { CALM_MS, settleIncident } from "../../shared/policy/evidence/settle-incident.ts";
import { conditionEvidence, Watcher } from "../support/conditions.ts";
import {
  call,
  facts,
  HOUR,
  look,
  MINUTE,
  NOW,
  outage,
  peace,
  policy,
  running,
  SECOND,
  trouble,
} from "../support/facts.ts";

const living = { ...NO_OUTAGE, lastLifeAt: NOW };
const calm = (change: Partial<Facts> = {}) => peace({ outage: living, ...change });
const settle = (given: Facts, calmSinceAt: number | null = NOW - CALM_MS, isConfirmed = false) => {
  const { decision } = decide(given, policy());
  const { isConfirmed: _, ...rest } = settleIncident(
    { calmSinceAt, isConfirmed },
    given,
    decision,
    policy(),
  );
  return rest;
};
const open = { calmSinceAt: null, end: null };
const BLIND = { result: "blind", code: "reference-failed" } as const;
const AGAIN = (said: string) => said.replace(" bad ", " again ");
const ended = { onsetAt: NOW - 9 * MINUTE, endedAt: NOW - 8 * MINUTE, rounds: 7 };

describe("settleIncident()", () => {
  test("two minutes of calm end it, and not a millisecond less", () => {
    expect(CALM_MS).toBe(2 * MINUTE);
    expect(settle(calm())).toEqual({ calmSinceAt: NOW - CALM_MS, end: "not-confirmed" });
    expect(settle(calm(), NOW - CALM_MS + 1)).toEqual({
      calmSinceAt: NOW - CALM_MS + 1,
      end: null,
    });
  });

  test("the first calm round begins the count", () =>
    expect(settle(calm(), null)).toEqual({ calmSinceAt: NOW, end: null }));

  test("after a confirmed outage it has recovered", () =>
    expect(settle(calm({ outage: { ...living, ended: [ended] } })).end).toBe("recovered"));

  const confirms = (given: Facts) => {
    const { decision } = decide(given, policy());
    const before = { calmSinceAt: null, isConfirmed: false };
    return settleIncident(before, given, decision, policy()).isConfirmed;
  };
  const lasting = { ...outage(), onsetAt: NOW - 9 * MINUTE };
  const { rtoMs } = policy();

  test.each<[string, Facts]>([
    ["was asked about", facts({ keyPath: { kind: "denied", code: "401", ageMs: 0 } })],
    ["was acted on", facts()],
    ["had lasted the whole grace", facts({ pauseReadable: false, outage: lasting })],
    ["was trouble for the rto", calm({ outage: { ...living, trouble: trouble() } })],
  ])("what %s is never closed as not confirmed", (_, given) => {
    expect(confirms(given)).toBe(true);
    expect(settle(calm(), NOW - CALM_MS, true).end).toBe("recovered");
  });

  test("what did none of that is a suspicion", () => {
    const short = outage({ outageMs: policy().graceMs - 1 });
    expect(confirms(facts({ outage: short }))).toBe(false);
    const trouble1 = trouble({ sinceAt: NOW - rtoMs + 1 });
    expect(confirms(calm({ outage: { ...living, trouble: trouble1 } }))).toBe(false);
  });

  test("moved roles end it at once, whatever else is so", () =>
    expect(settle(calm({ movedByOtherAt: NOW, call: call() }), null)).toEqual({
      calmSinceAt: null,
      end: "stood-down",
    }));

  test.each<[string, Partial<Facts>]>([
    [
      "a claim that is open",
      { claim: { kind: "open", state: "sent", epoch: 2, failover: "planned", sinceMs: 1 } },
    ],
    ["a claim that nobody could read", { claim: { kind: "unknown", because: "timeout" } }],
    ["a person's call", { call: call() }],
    ["an outage that runs", { outage: outage({ lastLifeAt: NOW }) }],
    ["a part that is lost", { outage: { ...living, partialSinceAt: NOW } }],
    ["a round without a sign of life", { outage: { ...living, lastLifeAt: NOW - 1 } }],
    ["one vantage that votes down", { looks: [...peace().looks.slice(0, 2), look("sec")] }],
    ["a question that stands", { outage: { ...living, ended: [ended, ended, ended] } }],
  ])("%s keeps it open and the calm begins anew", (_, change) =>
    expect(settle(calm(change))).toEqual(open),
  );

  const failing = { kind: "ratio", value: 0.49, ageMs: 0, windowMs: MINUTE } as const;
  const blind = (name: string) => look(name, BLIND);
  const [one, ...others] = peace().looks;
  const mostBlind = { looks: [...(one ? [one] : []), blind("neu"), blind("sec")] };

  test.each<[string, Partial<Facts>]>([
    ["the application is below its floor", { application: failing }],
    ["two vantages are blind", mostBlind],
  ])("it is not over as never confirmed while %s, and is as recovered", (_, change) => {
    expect(settle(calm(change)).end).toBe(null);
    expect(settle(calm({ ...change, outage: { ...living, ended: [ended] } })).end).toBe(
      "recovered",
    );
  });

  // Nobody is told of what comes and goes so quickly, so nothing may wait for it.
  test("vantages that are blind now and then keep it open no longer than until two can see", () => {
    const { calmSinceAt } = settle(calm(mostBlind));
    expect(settle(calm(), calmSinceAt).end).toBe("not-confirmed");
  });

  test("the calm begins anew when the application was below its floor", () =>
    expect(settle(calm({ application: failing }))).toEqual(open));

  test.each<[string, Partial<Facts>, (now: number) => Partial<GroupEvidence>]>([
    [
      "application-failing bad page",
      { application: failing },
      (now) => ({
        application: [4, 3, 2, 1, 0].map((ago) => noteRatio(failing, now - ago * MINUTE)),
      }),
    ],
    [
      "vantage-blind bad notice",
      mostBlind,
      (now) => ({
        looks: [look("neu", { ...BLIND, startedAt: now - SECOND, endedAt: now })],
      }),
    ],
  ])(
    "whatever keeps it open without a bound is told as long as it does: %s",
    (said, change, seen) => {
      expect(settle(calm(change), NOW - HOUR).end).toBe(null);
      const { told } = new Watcher().watch(0, 80 * MINUTE, (now) => conditionEvidence(seen(now)));
      expect(told.map(({ what }) => what)).toEqual([said, AGAIN(said), AGAIN(said)]);
      expect(told[0]?.at).toBeLessThanOrEqual(5 * MINUTE);
    },
  );

  test.each<[string, Partial<Facts>]>([
    ["an application just at its floor", { application: { ...failing, value: 0.5 } }],
    ["a ratio of long ago", { application: { ...failing, ageMs: 5 * MINUTE + 1 } }],
    ["a single blind vantage", { looks: [...others, blind("weu")] }],
  ])("%s does not keep it open", (_, change) =>
    expect(settle(calm(change)).end).toBe("not-confirmed"),
  );

  test("another's failover that still runs settles nothing", () => {
    expect(settle(calm({ operation: running("failover", "other") })).end).not.toBe("stood-down");
  });
});
