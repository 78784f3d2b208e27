// The laws of test/policy/laws-of-lasting.test.ts over whole incidents, in the plain loop that the benchmark plays.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generateIncidents } from "../../bench/generated-incidents.ts";
import { type Made, runPolicy, type Verdicts } from "../../bench/policy-loop.ts";
import type { IncidentFile } from "../../judge/incident-file.ts";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";
import type { Source } from "../../judge/sources.ts";
import { THOROUGH } from "../support/thorough.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PATIENCE_MS = THOROUGH ? 30 * MINUTE : MINUTE;
/** That of a primary that still answers, and a round. */
const GRACE_LONGEST_MS = 10 * MINUTE + 20_000;

/** Losses that outlast the time that a group may be down. */
const LOST = generateIncidents(THOROUGH ? 1_000 : 60, 20260115)
  .filter(({ truth }) => truth.lostFromMs !== null)
  .map(({ incidentFile }) => incidentFile)
  .slice(0, THOROUGH ? undefined : 3);

const middle = readFileSync(new URL("../incident-files/middle.json", import.meta.url), "utf8");
/** A part lost, a key denied, one witness left, and looks that fail by chance; `THOROUGH=1` takes them all. */
const ASKED = ["D06", "D10", "D13", "D24"];
const ASKING = parseIncidentFiles(middle, "middle.json").incidentFiles.filter(
  ({ id }) => THOROUGH || ASKED.includes(id),
);

const TOLD_LATE: readonly Source[] = ["app_e2e", "resource_health@A", "service_health"];

function toldLate(file: IncidentFile, byMs: number): IncidentFile {
  const late = file.signals.map((signal) =>
    TOLD_LATE.includes(signal.source) && signal.atMs > 0
      ? { ...signal, atMs: signal.atMs + byMs }
      : signal,
  );
  const age = { atMs: 0, source: "app_e2e_age_s", value: 5 + byMs / 1_000 } as const;
  return { ...file, signals: [age, ...late].toSorted((a, b) => a.atMs - b.atMs) };
}

test("one more vantage that never reports makes an ask of an act at worst", {
  timeout: PATIENCE_MS,
}, async () => {
  for (const file of LOST) {
    const before = await runPolicy(file);
    const after = await runPolicy(file, { abstaining: ["nor"] });
    expect(after.acted === null || before.acted !== null, file.id).toBe(true);
    const told = (found: Verdicts) => found.acted ?? found.asked;
    if (told(before) !== null) expect(told(after), file.id).not.toBeNull();
  }
});

test("telemetry that is up to five minutes late changes nothing about a loss", {
  timeout: PATIENCE_MS,
}, async () => {
  for (const file of LOST) {
    const before = await runPolicy(file);
    expect(await runPolicy(toldLate(file, 4.9 * MINUTE)), file.id).toEqual(before);
  }
});

test("waiting longer makes no silence of an ask: an outage that begins anew has its grace, and no more", {
  timeout: PATIENCE_MS,
}, async () => {
  let seen = 0;
  for (const file of ASKING) {
    const { asked } = await runPolicy(file);
    if (asked === null) continue;
    seen += 1;
    // The world stands still in the state that it was asked about.
    const signals = file.signals.filter(({ atMs }) => atMs <= asked.atMs);
    let saidAt = asked.atMs;
    const hear = ({ atMs, decision }: Made) => {
      if (decision.verdict === "hold" && atMs >= asked.atMs) {
        expect(atMs - saidAt, `${file.id} at ${atMs}`).toBeLessThanOrEqual(GRACE_LONGEST_MS);
      } else saidAt = Math.max(atMs, asked.atMs);
    };
    await runPolicy({ ...file, signals, durationMs: asked.atMs + HOUR }, { onRound: hear });
  }
  expect(seen).toBeGreaterThanOrEqual(3);
});
