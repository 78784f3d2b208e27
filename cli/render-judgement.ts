import type { JudgeResult } from "../judge/judge-incident-file.ts";
import type { Problem } from "../judge/parse-incident-files.ts";
import { alignColumns } from "./align-columns.ts";

/** One result as one line of JSON, in the words of the format: seconds, not milliseconds. */
export function renderLine({
  id,
  decision,
  mode,
  atMs,
  rule,
  diagnosis,
  expected,
  ok,
  crowded,
}: JudgeResult): string {
  return JSON.stringify({
    id,
    decision,
    mode,
    at_s: toSeconds(atMs),
    rule,
    diagnosis,
    expected: expected === null ? null : writtenExpected(expected),
    ok,
    ...(crowded.length === 0 ? {} : { crowded }),
  });
}

/** An incident file that could not be judged has a line as well, which says why. */
export function renderMalformed(id: string | null, problems: readonly Problem[]): string {
  const own = problems.filter((problem) => problem.id === id);
  const error = own.map(({ path, message }) => `${path}: ${message}`).join("; ");
  const nothing = { decision: null, mode: null, at_s: null, rule: null, diagnosis: null };
  return JSON.stringify({ id, ...nothing, expected: null, ok: false, error });
}

/** The results as a table for people. */
export function renderJudgement(results: readonly JudgeResult[]): readonly string[] {
  const rows = results.map((result) => [
    result.ok === null ? "-" : result.ok ? "ok" : "FAILED",
    result.id,
    result.decision,
    result.mode ?? "-",
    String(toSeconds(result.atMs) ?? "-"),
    result.rule ?? "-",
    result.diagnosis ?? "-",
    String(result.sent.asks),
    String(result.sent.pages),
    result.expected === null ? "-" : sayExpected(result.expected),
  ]);
  const judged = ["", "id", "decision", "mode", "at_s", "rule", "diagnosis"];
  const crowded = results.flatMap(({ id, crowded: lines }) =>
    lines.map((line) => `${id}: somebody was sent too much: ${line}`),
  );
  return [...alignColumns([[...judged, "asks", "pages", "expected"], ...rows]), ...crowded];
}

function sayExpected(expected: NonNullable<JudgeResult["expected"]>): string {
  const { decision, mode, earliestMs, latestMs } = expected;
  const window =
    earliestMs === null && latestMs === null
      ? ""
      : ` ${toSeconds(earliestMs) ?? ""}-${toSeconds(latestMs) ?? ""}`;
  return `${decision}${window}${mode === null ? "" : ` (${mode})`}`;
}

function writtenExpected({
  decision,
  earliestMs,
  latestMs,
  mode,
}: NonNullable<JudgeResult["expected"]>) {
  return {
    decision,
    ...(earliestMs === null ? {} : { earliest_s: toSeconds(earliestMs) }),
    ...(latestMs === null ? {} : { latest_s: toSeconds(latestMs) }),
    ...(mode === null ? {} : { mode }),
  };
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms) / 1_000;
}
