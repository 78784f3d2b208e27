// Every site's clock is off by up to ten minutes, each by its own: whatever fails over does so in the
// window its incident file wants, and nothing else does. Offsets are drawn; the seed is fixed.

import { readFileSync } from "node:fs";
import { seededRandom } from "functions-host/random";
import { describe, expect, test } from "vitest";
import { judgeIncidentFile } from "../../judge/judge-incident-file.ts";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";
import { THOROUGH } from "../support/thorough.ts";

const MINUTE = 60_000;
const path = "test/incident-files/catalogue.json";
const text = readFileSync(new URL("../incident-files/catalogue.json", import.meta.url), "utf8");
const { incidentFiles } = parseIncidentFiles(text, path);

const random = seededRandom(20260115);
const offset = () => Math.round(random.between(-10 * MINUTE, 10 * MINUTE));
const drawn = ["S01", "S14", "S24", "S02", "S03", "S21"].flatMap((id) =>
  Array.from({ length: THOROUGH ? 4 : 1 }, () => ({ id, A: offset(), B: offset(), C: offset() })),
);
/** The worst there is: the two that decide and convict disagree by twenty minutes. */
const apart = [10 * MINUTE, -10 * MINUTE].flatMap((ms) =>
  ["S01", "S03"].map((id) => ({ id, A: 0, B: ms, C: -ms })),
);

describe("with clocks off by up to ten minutes each way", () => {
  test.each([...drawn, ...apart])("$id comes out as ever: $A, $B and $C ms off", async (given) => {
    const incidentFile = incidentFiles.find(({ id }) => id === given.id);
    if (incidentFile === undefined)
      throw new Error(`Cannot judge: no such incident file: ${given.id}`);
    const { A, B, C } = given;
    const { result } = await judgeIncidentFile(incidentFile, { skewMs: { A, B, C } });
    expect(result).toMatchObject({ decision: incidentFile.expected?.decision, ok: true });
  });

  test("some of them fail over, and some must not", () => {
    const wanted = drawn.map(
      ({ id }) => incidentFiles.find((s) => s.id === id)?.expected?.decision,
    );
    expect(new Set(wanted)).toEqual(new Set(["failover", "never"]));
  });
});
