import { describe, expect, test } from "vitest";
import { CAUSES } from "../../bench/causes.ts";
import { createLooks } from "../../bench/detectors/detector.ts";
import { DETECTORS, judgeGenerated } from "../../bench/detectors.ts";
import { generateIncidents } from "../../bench/generated-incidents.ts";
import { runPolicy } from "../../bench/policy-loop.ts";
import { markOf } from "../../bench/score.ts";
import type { IncidentFile } from "../../judge/incident-file.ts";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";

type Signals = Readonly<Record<string, string | number>>;

/** Ten minutes of peace, then these signals for so long. */
function incidentFile(signals: Signals, seconds: number): IncidentFile {
  const at = (t_s: number, changed: Signals) =>
    Object.entries(changed).map(([source, value]) => ({ t_s, source, value }));
  const healed = Object.fromEntries(
    Object.entries(signals).map(([source, value]) => [
      source,
      typeof value === "number" ? 1 : "ok",
    ]),
  );
  const raw = {
    id: "T",
    duration_s: 2_400,
    signals: [...at(600, signals), ...at(600 + seconds, healed)],
  };
  const [first] = parseIncidentFiles(JSON.stringify([raw]), "test").incidentFiles;
  if (first === undefined) throw new Error("Cannot parse the incident file of a test");
  return first;
}

const DARK: Signals = {
  "tds_primary@A": "silent",
  "tds_primary@B": "timeout",
  "tds_primary@C": "timeout",
  "write_canary@A": "silent",
  "ref_probe@A": "silent",
  app_e2e: 0,
};
const CUT: Signals = { "tds_primary@B": "timeout", "tds_primary@C": "timeout" };

const decisionsOf = (one: IncidentFile) =>
  DETECTORS.map((detector) => detector.decide(createLooks(one), one.durationMs));

describe("simple detectors", () => {
  test("all fail over within half a minute of a loss", () => {
    expect(decisionsOf(incidentFile(DARK, 1_800))).toEqual([620_000, 629_000, 620_000]);
  });

  test("all fail over when two paths are cut for a minute and the primary serves", () => {
    expect(decisionsOf(incidentFile(CUT, 60))).toEqual([620_000, 629_000, 620_000]);
  });

  test("none does for five seconds", () => {
    expect(decisionsOf(incidentFile(CUT, 5))).toEqual([null, null, null]);
  });
});

describe("the product in a plain loop", () => {
  test("fails over once the grace has passed", async () => {
    const { acted, asked } = await runPolicy(incidentFile(DARK, 1_800));
    expect(acted?.decision).toMatchObject({ rule: "primary-lost", kind: "forced" });
    expect((acted?.atMs ?? 0) - 600_000).toBeGreaterThanOrEqual(300_000);
    expect((acted?.atMs ?? 0) - 600_000).toBeLessThan(330_000);
    expect(asked).toBeNull();
  });

  test("keeps quiet while the primary's own region sees it write", async () => {
    expect(await runPolicy(incidentFile(CUT, 1_200))).toEqual({ acted: null, asked: null });
  });
});

describe("generated incidents", () => {
  test("are the same for the same seed, and others for another", () => {
    expect(generateIncidents(3, 7)).toEqual(generateIncidents(3, 7));
    expect(generateIncidents(3, 7)).not.toEqual(generateIncidents(3, 8));
  });

  test("come from every cause", () => {
    const causes = new Set(generateIncidents(400, 1).map(({ cause }) => cause));
    expect([...causes].sort()).toEqual(CAUSES.map(({ name }) => name).sort());
  });

  test("are judged by everybody", async () => {
    const judged = await judgeGenerated(generateIncidents(8, 1));
    expect(judged.size).toBe(1 + DETECTORS.length);
    const ours = judged.get("this product") ?? [];
    expect(ours.map(markOf).filter((mark) => mark === "wrong")).toEqual([]);
    expect(ours).toHaveLength(8);
  });
});
