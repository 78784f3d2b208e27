// A person's no, as the rows of the asks tell it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ask, noesTo } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { findDenial, standingApprovals } from "../../shared/policy/evidence/find-denial.ts";
import { asksMore, questionOf } from "../../shared/policy/evidence/question.ts";
import { approval, facts, MINUTE, NOW, policy } from "../support/facts.ts";
import { ask as anyAsk } from "../support/ledger-rows.ts";

const ask = (id: string, answer: Ask["answer"], change: Partial<Ask> = {}): Ask =>
  anyAsk({ id, askedAt: NOW - MINUTE, answer, answeredAt: NOW - 5, ...change });
const no = ask("a", "denied");
/** A yes to another ask of the same incident, that knew of these noes. */
const yes = (known: readonly Ask[], change: Partial<Ask> = {}): Ask =>
  ask("b", "approved", { takesBack: [...noesTo(known, "inc-1")], ...change });

describe("a no to an incident", () => {
  test("stands from when it was said, whichever store has kept it", () => {
    expect(findDenial([no], "inc-1")).toBe(NOW - 5);
    expect(findDenial([ask("a", "none"), no], "inc-1")).toBe(NOW - 5);
  });

  test("is taken back by a yes that knew of it, and by no other, whatever the clocks of the sites say", () => {
    for (const answeredAt of [NOW - MINUTE, NOW + MINUTE]) {
      expect(findDenial([no, yes([no], { answeredAt })], "inc-1")).toBeNull();
      expect(findDenial([no, yes([], { answeredAt })], "inc-1")).toBe(NOW - 5);
    }
  });

  test("that is said once more is another one: the yes in between did not know of it", () => {
    const again = { ...no, answeredAt: NOW - 4 };
    expect(findDenial([again, yes([no])], "inc-1")).toBe(NOW - 4);
  });

  test("is what the store of the target says of an ask, whatever the other one has missed", () => {
    expect(findDenial([no, ask("a", "approved")], "inc-1")).toBe(NOW - 5);
    expect(findDenial([ask("a", "approved"), no], "inc-1")).toBeNull();
  });

  test("to what is forced is taken back by no yes to what is planned; one to what is forced takes back both", () => {
    const planned = { kind: "planned" } as const;
    const noPlanned = ask("a", "denied", planned);
    expect(findDenial([no, yes([no], planned)], "inc-1")).toBe(NOW - 5);
    expect(findDenial([noPlanned, yes([noPlanned], planned)], "inc-1")).toBeNull();
    expect(findDenial([noPlanned, yes([noPlanned])], "inc-1")).toBeNull();
  });

  test("is none to another incident, nor is one to the way home", () => {
    expect(findDenial([no], "inc-2")).toBeNull();
    expect(findDenial([no], null)).toBeNull();
    expect(findDenial([ask("a", "denied", { purpose: "fail-back" })], "inc-1")).toBeNull();
    expect(findDenial([ask("a", "none"), ask("b", "withdrawn")], "inc-1")).toBeNull();
  });

  test("without its instant is as old as its question", () =>
    expect(findDenial([ask("a", "denied", { answeredAt: null })], "inc-1")).toBe(NOW - MINUTE));
});

test("an approval stands while its yes knew of every no to its incident", () => {
  const given = approval({ askId: "b" });
  const stands = (...asks: readonly Ask[]) => standingApprovals([given], asks).length === 1;
  expect(stands()).toBe(true);
  expect(stands(no, yes([no]))).toBe(true);
  expect(stands(no, yes([]))).toBe(false);
  expect(stands(ask("b", "denied"))).toBe(false);
  expect(stands(ask("a", "denied", { incidentId: "inc-2" }), yes([]))).toBe(true);
});

test("a denial is never followed by an act of the same incident without an approve, whatever the clocks say", () => {
  const said = fc.record({
    id: fc.constantFrom("a", "b", "c"),
    answer: fc.constantFrom<Ask["answer"]>("denied", "approved"),
    answeredAt: fc.integer({ min: NOW - MINUTE, max: NOW + MINUTE }),
  });
  fc.assert(
    fc.property(fc.array(said, { maxLength: 8, minLength: 1 }), (given) => {
      let asks: readonly Ask[] = [];
      for (const { id, answer, answeredAt } of given) {
        const takesBack = answer === "approved" ? [...noesTo(asks, "inc-1")] : [];
        const before = asks.find((one) => one.id === id)?.answeredAt ?? 0;
        const at = Math.max(answeredAt, before + 1);
        const others = asks.filter((one) => one.id !== id);
        asks = [...others, ask(id, answer, { answeredAt: at, takesBack })];
      }
      const approvals = standingApprovals(
        ["a", "b", "c"].map((askId) => approval({ askId, guards: ["denied"] })),
        asks,
      );
      const deniedAt = findDenial(asks, "inc-1");
      const { verdict } = decide(facts({ deniedAt, approvals: [...approvals] }), policy()).decision;
      expect(verdict).toBe(given.at(-1)?.answer === "denied" ? "ask" : "fail-over");
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
  expect(asksMore(asked(NOW), ask("a", "denied", asked(null)))).toBe(false);
});

test("of two noes to one incident the later says since when nobody may act", () => {
  const later = ask("c", "denied", { answeredAt: NOW - 2 });
  expect(findDenial([no, later], "inc-1")).toBe(NOW - 2);
  expect(findDenial([later, no], "inc-1")).toBe(NOW - 2);
});

test("a question that nobody has answered takes no no back, whatever it knew of", () => {
  const open = ask("b", "none", { takesBack: [...noesTo([no], "inc-1")] });
  expect(findDenial([no, open], "inc-1")).toBe(NOW - 5);
});
