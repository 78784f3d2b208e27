import { describe, expect, test } from "vitest";
import { judgeIncidentFile } from "../../judge/judge-incident-file.ts";
import { DEAD, happens, incident, UP } from "./incident.ts";

describe("a judgement", () => {
  test("is the same to the letter when it is made again", async () => {
    const incidentFile = incident({ 67: { ...DEAD, "tds_primary@C": "flaky:0.7" }, 300: UP });
    const [first, second] = [
      await judgeIncidentFile(incidentFile),
      await judgeIncidentFile(incidentFile),
    ];
    expect(second).toEqual(first);
  });

  test("does not depend on what its sites are called", async () => {
    const at = { 60: DEAD };
    const other = await happens(at, { siteNames: { A: "zulu", B: "mike", C: "alpha" } });
    expect(other.result).toEqual((await happens(at)).result);
  });

  test("leaves nothing out of it by leaving out quiet stretches", async () => {
    const incidentFile = incident(
      { 1000: { "metrics_age_s@A": 900 }, 4000: DEAD },
      { durationS: 4_540 },
    );
    const [short, whole] = [
      await judgeIncidentFile(incidentFile),
      await judgeIncidentFile(incidentFile, { toTheEnd: true }),
    ];
    expect(short.result).toEqual(whole.result);
  });

  test("needs a majority of all vantages, also of those that never report", async () => {
    const { result } = await happens({ 60: DEAD }, { abstaining: ["d"] });
    expect(result).toMatchObject({ decision: "never", rule: "no-majority" });
  });

  test("follows the settings it is given before the incident file's own", async () => {
    const { result } = await happens(
      { 60: DEAD },
      { settings: { grace: "PT7M", mode: "approve" } },
    );
    expect(result).toMatchObject({ decision: "hold_for_approval", rule: "approve-mode" });
    expect(result.atMs).toBeGreaterThan(480_000);
  });

  test("comes out the same with clocks that are minutes apart", async () => {
    const skewed = await happens({ 60: DEAD }, { skewMs: { A: 600_000, B: -600_000, C: 300_000 } });
    expect(skewed.result).toMatchObject({ decision: "failover", mode: "forced" });
  });

  test.for([
    [true, { decision: "hold_for_approval", earliest_s: 600, latest_s: 900 }],
    [false, { decision: "hold_for_approval", earliest_s: 0, latest_s: 200 }],
    [false, { decision: "failover", earliest_s: 360, latest_s: 900 }],
  ] as const)("of an ask is %s where this was expected: %j", async ([ok, expected]) => {
    const written = { config: { mode: "approval" }, durationS: 420, expected };
    expect((await happens({ 60: DEAD }, written)).result.ok).toBe(ok);
  });

  test.for([
    [true, { earliest_s: 360, latest_s: 900, mode: "forced" }],
    [false, { earliest_s: 600, latest_s: 900, mode: "forced" }],
    [false, { earliest_s: 360, latest_s: 900, mode: "planned_then_forced" }],
  ] as const)("of a failover is %s where this was expected: %j", async ([ok, expected]) => {
    const written = { durationS: 420, expected: { decision: "failover", ...expected } };
    expect((await happens({ 60: DEAD }, written)).result.ok).toBe(ok);
  });
});
