import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision, Reason } from "../../shared/domain/decision.ts";
import { COMMON_VALUES, REASON_SECTIONS, reasonRow } from "../../shared/domain/reason-codes.ts";
import { decide, decideHome } from "../../shared/policy/decide.ts";
import { BREACHES } from "../../shared/policy/second-opinion/breaches.ts";
import { anyFacts, anyPolicy } from "../support/any-facts.ts";
import { failbackFacts, HOUR, NOW } from "../support/facts.ts";

const POLICY = new URL("../../shared/policy/", import.meta.url);
/** What these give as `because` or `code` is a value of a reason, not a reason. */
const GIVE_VALUES = [
  "bound-loss.ts",
  "classify-sql.ts",
  "compare-fitness.ts",
  "judge-look.ts",
  "key-proof.ts",
  "read-facts.ts",
];
const SOURCE = readdirSync(POLICY, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .filter((name) => !GIVE_VALUES.includes(name.split("/").at(-1) ?? ""))
  .map((name) => readFileSync(new URL(name, POLICY), "utf8"))
  .join("\n");
const ROWS = REASON_SECTIONS.flatMap(({ rows }) => rows);

/** `reason("votes"`, `code: "cooldown"`, `because: "no-kind"`. */
function codesInSource(): readonly string[] {
  const written = /(?:\breason\(|\bcode:|\bbecause:)\s*"([a-z][a-z-]*)"/g;
  return [...new Set([...SOURCE.matchAll(written)].map(([, code = ""]) => code))].sort();
}

describe("the reason-code reference", () => {
  test("lists every code that is written in the policy", () => {
    expect(codesInSource().length).toBeGreaterThan(40);
    expect(codesInSource().filter((code) => reasonRow(code) === null)).toEqual([]);
  });

  test("lists every refusal of the second opinion", () => {
    expect(BREACHES.filter(({ because }) => reasonRow(because) === null)).toEqual([]);
  });

  test("lists no code twice, and none that the policy cannot give", () => {
    const codes = ROWS.map(({ code }) => code);
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
    expect(codes.filter((code) => !SOURCE.includes(`"${code}"`))).toEqual([]);
  });

  test("says of each code what to do next", () => {
    expect(ROWS.filter(({ means, next }) => means === "" || next === "")).toEqual([]);
  });
});

function reasonsOf({ because, waitingFor, guards }: Decision): readonly Reason[] {
  const closed = guards.flatMap((guard) => (guard.because === null ? [] : [guard.because]));
  return [...because, ...waitingFor, ...closed];
}

function expectKnown(decision: Decision): void {
  for (const { code, values } of reasonsOf(decision)) {
    const row = reasonRow(code);
    expect(row, `unlisted code ${code}`).not.toBeNull();
    const known = { ...row?.values, ...COMMON_VALUES };
    expect(Object.keys(values).filter((name) => !(name in known))).toEqual([]);
  }
}

const anyFailback = fc
  .tuple(
    anyFacts,
    fc.record({
      away: fc.boolean(),
      healthySinceAt: fc.constantFrom(null, NOW, NOW - 2 * HOUR),
      windowOpen: fc.boolean(),
      lagSeconds: fc.constantFrom(null, 0, 31),
    }),
  )
  .map(([base, home]) => failbackFacts(home, { ...base, primary: "partner" }));

const RUNS = { numRuns: 2_000 };

describe("whatever the facts", () => {
  test("a decision about failing over gives only reasons that are listed, with their values", () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (facts, policy) =>
        expectKnown(decide(facts, policy).decision),
      ),
      RUNS,
    );
  });

  test("a decision about going home does so too", () => {
    fc.assert(
      fc.property(anyFailback, anyPolicy, (facts, policy) =>
        expectKnown(decideHome(facts, policy).decision),
      ),
      RUNS,
    );
  });

  test("a hold and an ask always say what they wait for", () => {
    fc.assert(
      fc.property(anyFacts, anyFailback, anyPolicy, (facts, failback, policy) => {
        const both = [decide(facts, policy), decideHome(failback, policy)];
        for (const { decision } of both) {
          if (decision.verdict !== "hold" && decision.verdict !== "ask") continue;
          expect(decision.waitingFor.length, decision.rule).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });
});
