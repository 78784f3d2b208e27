import { alignColumns } from "../align-columns.ts";
import type { Finding, State } from "./finding.ts";

const MARKS: Readonly<Record<State, string>> = { ok: "ok", wrong: "WRONG", unknown: "unknown" };
const COLOURS: Readonly<Record<State, number>> = { ok: 32, wrong: 31, unknown: 33 };
const VERSION = 1;

/** What was checked, and in whose name. */
export interface Heading {
  readonly group: string;
  readonly against: "azure" | "simulation";
  readonly as: string;
  readonly at: number;
}

/** 0: all ok. 1: something is wrong. 3: nothing is, and something could not be found out. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 3 {
  if (findings.some(({ state }) => state === "wrong")) return 1;
  const all = findings.length > 0 && findings.every(({ state }) => state === "ok");
  return all ? 0 : 3;
}

/** The table for people; every row that is not ok is followed by what to do. */
export function renderFindings(
  heading: Heading,
  findings: readonly Finding[],
  colour: boolean,
): string {
  const cells = findings.map(({ state, check, subject }) => [MARKS[state], check, subject, "|"]);
  const rows = alignColumns(cells).flatMap((line, i) => {
    const finding = findings[i];
    if (finding === undefined) return [];
    const { state, says, next } = finding;
    const lead = line.slice(0, -1);
    const row = `${painted(lead, state, colour)}${says}`;
    return next === null ? [row] : [row, `${" ".repeat(lead.length)}-> ${next}`];
  });
  return [`${heading.group}, ${heading.as}`, "", ...rows, "", summaryOf(findings), ""].join("\n");
}

/** The document for programs. Its version changes when a key changes its meaning or goes away. */
export function findingsDocument(heading: Heading, findings: readonly Finding[]): string {
  const { group, against, as, at } = heading;
  const document = {
    version: VERSION,
    group,
    against,
    as,
    at: new Date(at).toISOString(),
    exitCode: exitCodeOf(findings),
    counts: countsOf(findings),
    findings,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function countsOf(findings: readonly Finding[]): Readonly<Record<State, number>> {
  const count = (wanted: State): number => findings.filter(({ state }) => state === wanted).length;
  return { ok: count("ok"), wrong: count("wrong"), unknown: count("unknown") };
}

function summaryOf(findings: readonly Finding[]): string {
  const { ok, wrong, unknown } = countsOf(findings);
  return `${ok} ok, ${wrong} wrong, ${unknown} unknown. Nothing was changed.`;
}

/** Colours the mark alone: the rest is for reading. */
function painted(lead: string, state: State, colour: boolean): string {
  const mark = MARKS[state];
  return colour ? `\u001b[${COLOURS[state]}m${mark}\u001b[0m${lead.slice(mark.length)}` : lead;
}
