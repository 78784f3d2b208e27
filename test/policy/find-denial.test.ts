// A person's no, as the rows of the asks tell it.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ask } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { findDenial } from "../../shared/policy/evidence/find-denial.ts";
import { asksMore, questionOf } from "../../shared/policy/evidence/question.ts";
import { facts, MINUTE, NOW, policy } from "../support/facts.ts";
import { ask as anyAsk } from "../support/ledger-rows.ts";

const ask = (answer: Ask["answer"], agoMs: number, change: Partial<Ask> = {}): Ask =>
  anyAsk({
    id: `inc-1~${agoMs}~x`,
    askedAt: NOW - agoMs - MINUTE,
    answer,
    answeredAt: NOW - agoMs,
    ...change,
  });

test("a no stands from when it was said, whichever store has kept it, until somebody approves later", () => {
  expect(findDenial([ask("denied", 5)], "inc-1")).toBe(NOW - 5);
  expect(findDenial([ask("none", 5), ask("denied", 5)], "inc-1")).toBe(NOW - 5);
  expect(findDenial([ask("denied", 5), ask("approved", 6)], "inc-1")).toBe(NOW - 5);
  expect(findDenial([ask("denied", 5), ask("approved", 5)], "inc-1")).toBe(NOW - 5);
  expect(findDenial([ask("denied", 5), ask("approved", 4)], "inc-1")).toBeNull();
});

test("a yes to what is planned takes back no no to what is forced, and one to what is forced takes back both", () => {
  const planned = { kind: "planned" } as const;
  expect(findDenial([ask("denied", 5), ask("approved", 4, planned)], "inc-1")).toBe(NOW - 5);
  expect(findDenial([ask("denied", 5, planned), ask("approved", 4, planned)], "inc-1")).toBeNull();
  expect(findDenial([ask("denied", 5, planned), ask("approved", 4)], "inc-1")).toBeNull();
});

test("a no to another incident, or to the way home, is none to this one", () => {
  expect(findDenial([ask("denied", 5)], "inc-2")).toBeNull();
  expect(findDenial([ask("denied", 5)], null)).toBeNull();
  expect(findDenial([ask("denied", 5, { purpose: "fail-back" })], "inc-1")).toBeNull();
  expect(findDenial([ask("none", 5), ask("withdrawn", 4)], "inc-1")).toBeNull();
});

test("of a row without its instant the question's counts", () =>
  expect(findDenial([ask("denied", 5, { answeredAt: null })], "inc-1")).toBe(NOW - 5 - MINUTE));

test("a denial is never followed by an act of the same incident without an approve", () => {
  const answers = fc.array(
    fc.constantFrom<Ask["answer"]>("denied", "approved", "withdrawn", "none"),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(answers, (given) => {
      const asks = given.map((answer, index) => ask(answer, 1_000 * (given.length - index)));
      const said = given.filter((answer) => answer === "denied" || answer === "approved").at(-1);
      const decided = decide(facts({ deniedAt: findDenial(asks, "inc-1") }), policy()).decision;
      expect(decided.verdict).toBe(said === "denied" ? "ask" : "fail-over");
    }),
  );
});

test("who has said no is not asked the same again, only because of that", () => {
  const asked = (deniedAt: number | null) => {
    const given = facts({ deniedAt, capacityAtTarget: "unknown" });
    const { decision } = decide(given, policy());
    const question = questionOf({ purpose: "fail-over", facts: given, decision }, policy());
    if (question === null) throw new Error("Cannot read the question: nobody is asked");
    return question;
  };
  expect(asked(NOW).guards).toContain("denied");
  expect(asksMore(asked(NOW), ask("denied", 5, asked(null)))).toBe(false);
});
