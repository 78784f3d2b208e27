// The same incident told otherwise comes to the same, and what is better evidence of life, or later
// or less evidence against the primary, never makes the app act that did not. Nothing here knows what
// an incident file expects: each is compared with itself. The whole app is run, not the rules alone.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { IncidentFile } from "../../judge/incident-file.ts";
import {
  type JudgeOptions,
  type JudgeResult,
  judgeIncidentFile,
} from "../../judge/judge-incident-file.ts";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";
import { THOROUGH } from "../support/thorough.ts";
import {
  applicationLives,
  type Change,
  dead,
  downSeenLaterBy,
  reorderInstants,
  repeatEverything,
  shiftedBy,
  thirdVantageWrites,
} from "./change-incident-file.ts";

const incidentFiles = ["catalogue.json", "votes.json"].flatMap((name) => {
  const text = readFileSync(new URL(`../incident-files/${name}`, import.meta.url), "utf8");
  return parseIncidentFiles(text, name).incidentFiles;
});

/** A few for each way an incident can end; `THOROUGH=1` takes them all, else one that acts, and one that holds. */
const ACTING = ["S14", ...(THOROUGH ? ["S01", "S11", "S24", "S25"] : [])];
const ASKING = THOROUGH ? ["V05", "S13", "S15", "S16", "S22"] : [];
const HOLDING = ["S03", ...(THOROUGH ? ["S02", "S21"] : [])];
const ALL = [...ACTING, ...ASKING, ...HOLDING];
/** In S11 the instance lets in and hangs on writes, for whoever asks: nobody can go on writing. */
const SILENT = ALL.filter((id) => id !== "S11");
/** An outcome that is out is not waited for any longer than this. */
const AFTERWARDS_MS = 60_000;
const SHIFT_MS = 47_000;
/** A tick may come in between: a site looks every 15 s, and its rounds follow. */
const SAME_TIME_MS = 30_000;

interface Original {
  readonly incidentFile: IncidentFile;
  readonly result: JudgeResult;
}

const originals = new Map<string, Promise<Original>>();

/** The incident file as it is written, and what it comes to; cut short where that is out. */
function originalOf(id: string): Promise<Original> {
  const known = originals.get(id) ?? judgeOriginal(id);
  originals.set(id, known);
  return known;
}

async function judgeOriginal(id: string): Promise<Original> {
  const whole = incidentFiles.find((one) => one.id === id);
  if (whole === undefined) throw new Error(`Cannot judge: no such incident file: ${id}`);
  const latestMs = whole.expected?.latestMs ?? whole.durationMs;
  const { result } = await judgeIncidentFile({ ...whole, durationMs: latestMs });
  const durationMs = result.atMs === null ? whole.durationMs : result.atMs + AFTERWARDS_MS;
  return { incidentFile: { ...whole, durationMs }, result };
}

async function judge(id: string, change: Change, options: JudgeOptions = {}) {
  const { incidentFile } = await originalOf(id);
  const { result } = await judgeIncidentFile(change(incidentFile), options);
  return result;
}

const asItIs: Change = (incidentFile) => incidentFile;

async function expectSameAsWritten(id: string, after: JudgeResult, laterMs = 0): Promise<void> {
  const { result } = await originalOf(id);
  expectSame(after, result, laterMs);
}

function expectSame(after: JudgeResult, before: JudgeResult, laterMs = 0): void {
  const { decision, mode, rule, atMs } = before;
  expect(after).toMatchObject({ decision, mode, rule });
  if (atMs === null) expect(after.atMs).toBeNull();
  else expect(Math.abs((after.atMs ?? 0) - atMs - laterMs)).toBeLessThanOrEqual(SAME_TIME_MS);
}

describe("the same incident told otherwise comes to the same", () => {
  const siteNames = { A: "tokyo", B: "osaka", C: "seoul" };

  test.each(ALL)("%s, with the sites renamed", async (id) =>
    expectSameAsWritten(id, await judge(id, asItIs, { siteNames })),
  );

  test.each(ALL)("%s, with everything said twice", async (id) =>
    expectSameAsWritten(id, await judge(id, repeatEverything)),
  );

  test.each(ALL)("%s, told in another order", async (id) =>
    expectSameAsWritten(id, await judge(id, reorderInstants)),
  );

  test.each(ALL)("%s, a while later", async (id) =>
    expectSameAsWritten(id, await judge(id, shiftedBy(SHIFT_MS)), SHIFT_MS),
  );
});

describe("less against the primary never makes the app act", () => {
  const decisionOf = async (id: string, change: Change, options?: JudgeOptions) =>
    (await judge(id, change, options)).decision;

  test.each([...ASKING, ...HOLDING])("%s, with another vantage that abstains", async (id) =>
    expect(await decisionOf(id, asItIs, { abstaining: ["fra"] })).not.toBe("failover"),
  );

  test.each(ALL)("%s, with an application that succeeds", async (id) =>
    expect(await decisionOf(id, applicationLives)).not.toBe("failover"),
  );

  test.each(SILENT)("%s, with a vantage that goes on writing", async (id) =>
    expect(await decisionOf(id, thirdVantageWrites)).not.toBe("failover"),
  );

  test.each([...ASKING, ...HOLDING])("%s, with the failures seen 40 s later", async (id) =>
    expect(await decisionOf(id, downSeenLaterBy(40_000))).not.toBe("failover"),
  );
});

describe("more against the primary never keeps the app from acting", () => {
  test.each(ACTING)("%s, dead to everybody, in whatever order it is told", async (id) => {
    const [first, last] = [await judge(id, dead("first")), await judge(id, dead("last"))];
    expect(first.decision).toBe("failover");
    expectSame(last, first);
  });
});
