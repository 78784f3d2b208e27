// The check against the laws, without the rules in between: at every point near the facts that permit
// acting a decision to act is made up, and the check refuses it if and only if it breaks an invariant.

import { describe, expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Diagnosis } from "../../shared/domain/diagnosis.ts";
import type { FailoverKind } from "../../shared/domain/purpose.ts";
import { diagnose } from "../../shared/policy/evidence/diagnose.ts";
import { byCheck, byLaws, exhaust, LAWS, TABLES } from "../support/exhaust.ts";
import { SLICES } from "../support/fact-slices.ts";
import { deviationsOf, type Point, walk } from "../support/fact-space.ts";
import { LAWS_OF_INVARIANTS } from "../support/laws/laws-of-acting.ts";
import { type Seen, tallyOf } from "../support/laws/seen.ts";

const DEVIATIONS = 2;

function act(kind: FailoverKind, diagnosis: Diagnosis): Decision {
  return {
    rule: "made-up",
    verdict: "fail-over",
    diagnosis,
    because: [],
    kind,
    guards: [],
    waitingFor: [],
    graceLeftMs: 0,
  };
}

/** Where the check and the laws disagree about this act; null where they agree. */
function disagreement(point: Point, kind: FailoverKind): string | null {
  const { facts, failback, policy, judgement, slice } = point;
  const { purpose } = slice;
  const decision = act(kind, diagnose(facts, judgement, policy));
  const tally = tallyOf(facts, policy);
  const seen: Seen = { purpose, facts, failback, policy, decision, tally };
  const refused = byCheck(seen);
  const broken = LAWS_OF_INVARIANTS.filter((law) => law.broken(seen)).map(({ says }) => says);
  const goesHome = purpose === "fail-back";
  if (goesHome && kind === "forced") broken.push("going home is planned");
  if (goesHome && !failback.away) broken.push("there is nothing to go home from");
  if ((refused === null) === (broken.length === 0)) return null;
  return `${kind}, ${deviationsOf(point).join(", ")}: ${refused ?? "passes"} / ${broken.join(", ")}`;
}

const slices = SLICES.map((slice) => [slice.name, slice] as const);

describe("what the check refuses is what breaks an invariant", () => {
  test.each(slices)("in %s", (_, slice) => {
    const found: string[] = [];
    let acts = 0;
    walk(
      slice,
      (point) => {
        for (const kind of ["forced", "planned"] as const) {
          const disagreed = disagreement(point, kind);
          if (disagreed !== null) found.push(disagreed);
          acts += 1;
        }
        return found.length === 0 ? "go-on" : "stop";
      },
      DEVIATIONS,
    );
    expect(found).toEqual([]);
    expect(acts).toBeGreaterThan(100);
  });
});

describe("what the rules decide keeps every law", () => {
  test.each(slices)("in %s", (_, slice) =>
    expect(exhaust(slice, TABLES, [byLaws(LAWS), byCheck], DEVIATIONS).found).toBeNull(),
  );
});
