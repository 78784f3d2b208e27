// First match wins, so the order of rows decides. Above every row stands a comment that says before
// which other rows it must stand; for each of these there are facts at which the other row, moved above
// it, decides instead. Rows that are said to be free of each other never match together.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DIAGNOSES, diagnose } from "../../shared/policy/evidence/diagnose.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { decideFailback, FAILBACK_TABLES } from "../../shared/policy/rules/decide-failback.ts";
import { decideFailover, FAILOVER_TABLES } from "../../shared/policy/rules/decide-failover.ts";
import type { Case } from "../../shared/policy/rules/rule.ts";
import { SLICES } from "../support/fact-slices.ts";
import { type Point, walk } from "../support/fact-space.ts";
import { policy } from "../support/facts.ts";
import {
  ALL_HEARD,
  DIAGNOSIS_POINTS,
  FAILBACK_POINTS,
  FAILOVER_POINTS,
} from "../support/order-points.ts";

interface Row {
  readonly id: string;
}

/** The same rows, with one of them moved to just above another. */
function withAbove<R extends Row>(rows: readonly R[], moved: string, above: string): R[] {
  const row = rows.find(({ id }) => id === moved);
  if (row === undefined) throw new Error(`Cannot move a row: it is not there: ${moved}`);
  return rows
    .filter(({ id }) => id !== moved)
    .flatMap((other) => (other.id === above ? [row, other] : [other]));
}

const diagnoses = DIAGNOSES.map((row) => ({ ...row, id: row.diagnosis }));

describe("failing over, a row decides because it stands before", () => {
  test.each(FAILOVER_POINTS)("$row < $before", ({ row, before, at, policy: change }) => {
    const p = policy(change);
    const ruleBy = (rules: typeof FAILOVER_TABLES.rules) =>
      decideFailover(at, judgeObservations(at, p), p, { ...FAILOVER_TABLES, rules }).rule;
    expect(ruleBy(FAILOVER_TABLES.rules)).toBe(row);
    expect(ruleBy(withAbove(FAILOVER_TABLES.rules, before, row))).toBe(before);
  });
});

describe("going home, a row decides because it stands before", () => {
  test.each(FAILBACK_POINTS)("$row < $before", ({ row, before, at, policy: change }) => {
    const p = policy(change);
    const ruleBy = (rules: typeof FAILBACK_TABLES.rules) =>
      decideFailback(at, judgeObservations(at.base, p), p, { ...FAILBACK_TABLES, rules }).rule;
    expect(ruleBy(FAILBACK_TABLES.rules)).toBe(row);
    expect(ruleBy(withAbove(FAILBACK_TABLES.rules, before, row))).toBe(before);
  });
});

describe("what is wrong, a row names it because it stands before", () => {
  test.each(DIAGNOSIS_POINTS)("$row < $before", ({ row, before, at }) => {
    const seen = { facts: at, judgement: judgeObservations(at, policy()), policy: policy() };
    const first = (rows: typeof diagnoses) => rows.find(({ when }) => when(seen))?.id;
    expect(diagnose(at, seen.judgement, seen.policy)).toBe(row);
    expect(first(withAbove(diagnoses, before, row))).toBe(before);
  });
});

const RULES = "shared/policy/rules/";
const ruleFiles = readdirSync(RULES).map((name) => `${RULES}${name}`);

interface Said {
  readonly row: string;
  readonly word: "Before" | "Free against";
  readonly others: readonly string[];
}

/** What the comments above the rows of these files say. */
function commentsIn(files: readonly string[]): Said[] {
  return files.flatMap((file) => {
    const rows = readFileSync(file, "utf8").matchAll(
      /((?: *\/\/ .*\n)+)(?: *\{\n)? *(?:id|diagnosis): "([a-z-]+)",/g,
    );
    return [...rows].flatMap(([, comment = "", row = ""]) =>
      [...comment.matchAll(/\/\/ (Before|Free against) ([a-z, -]+): .+\.$/gm)].map(
        ([, word, others = ""]) => ({
          row,
          word: word === "Before" ? ("Before" as const) : ("Free against" as const),
          others: others.split(", "),
        }),
      ),
    );
  });
}

const pairsOf = (said: readonly Said[], word: Said["word"]) =>
  said
    .filter((one) => one.word === word)
    .flatMap(({ row, others }) => others.map((other) => `${row} < ${other}`));
const provenBy = (points: readonly { readonly row: string; readonly before: string }[]) =>
  points.map(({ row, before }) => `${row} < ${before}`);
const adjacent = (rows: readonly Row[]) =>
  rows.slice(1).map(({ id }, i) => `${rows[i]?.id} < ${id}`);

describe("what the comments say", () => {
  const aboutRules = commentsIn(ruleFiles);
  const aboutDiagnoses = commentsIn(["shared/policy/evidence/diagnose.ts"]);

  test("is proven, and all that is proven is said", () => {
    const rules = new Set(provenBy([...FAILOVER_POINTS, ...FAILBACK_POINTS]));
    expect([...new Set(pairsOf(aboutRules, "Before"))].sort()).toEqual([...rules].sort());
    expect(pairsOf(aboutDiagnoses, "Before").sort()).toEqual(provenBy(DIAGNOSIS_POINTS).sort());
  });

  test("speaks of every two rows that stand beside each other", () => {
    const ofRules = [...pairsOf(aboutRules, "Before"), ...pairsOf(aboutRules, "Free against")];
    expect(ofRules).toEqual(expect.arrayContaining(adjacent(FAILOVER_TABLES.rules)));
    expect(ofRules).toEqual(expect.arrayContaining(adjacent(FAILBACK_TABLES.rules)));
    const ofDiagnoses = [
      ...pairsOf(aboutDiagnoses, "Before"),
      ...pairsOf(aboutDiagnoses, "Free against"),
    ];
    expect(ofDiagnoses).toEqual(expect.arrayContaining(adjacent(diagnoses)));
  });
});

describe("rows that are free of each other never match together", () => {
  /** Three steps from the facts that only just permit acting. */
  const DEVIATIONS = 3;

  test("in the decide tables", () => {
    const free = pairsOf(commentsIn(ruleFiles), "Free against");
    const together = new Set<string>();
    for (const slice of SLICES.filter(({ purpose }) => purpose === "fail-over")) {
      walk(slice, (at) => note(matchesAt(at), together), DEVIATIONS);
    }
    expect(free).not.toEqual([]);
    expect(free.filter((pair) => together.has(pair))).toEqual([]);
  });

  test("among the diagnoses", () => {
    const free = pairsOf(commentsIn(["shared/policy/evidence/diagnose.ts"]), "Free against");
    const together = new Set<string>();
    for (const at of ALL_HEARD) {
      const seen = { facts: at, judgement: judgeObservations(at, policy()), policy: policy() };
      note(
        diagnoses.filter(({ when }) => when(seen)),
        together,
      );
    }
    expect(free).not.toEqual([]);
    expect(free.filter((pair) => together.has(pair))).toEqual([]);
  });
});

/** Adds every pair of these rows, in their order, of which the first one decides. */
function note([first, ...others]: readonly Row[], together: Set<string>): "go-on" {
  for (const { id } of others) together.add(`${first?.id} < ${id}`);
  return "go-on";
}

function matchesAt({ facts, judgement, policy: p }: Point): readonly Row[] {
  let matches: readonly Row[] = [];
  const listener = {
    id: "otherwise",
    verdict: "hold" as const,
    says: "listens",
    when: (c: Case) => {
      matches = FAILOVER_TABLES.rules.filter(({ when }) => when(c));
      return true;
    },
    because: () => [],
  };
  decideFailover(facts, judgement, p, { ...FAILOVER_TABLES, rules: [listener] });
  return matches;
}
