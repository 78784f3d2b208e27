import { expect, test } from "vitest";
import type { Ask } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import { sortAsks } from "../../shared/policy/evidence/sort-asks.ts";
import { facts, MINUTE, NOW, policy } from "../support/facts.ts";

const given = facts();
const { decision } = decide(given, policy({ mode: "approve" }));
const question = questionOf(decision, given.loss);

function ask(change: Partial<Ask> = {}): Ask {
  return {
    id: `inc-1-now~${question.digest}`,
    incidentId: "inc-1",
    purpose: "fail-over",
    expectedPrimary: "home",
    diagnosis: "regional-loss",
    guards: [],
    lossAtMostMs: null,
    tokenHashes: [],
    askedAt: NOW - MINUTE,
    expiresAt: NOW + MINUTE,
    answer: "none",
    ...change,
  };
}

function live(stands: Ask, approvedBefore: readonly string[] = []): Ask | null {
  const wanted = { incidentId: "inc-1", question, now: NOW, approvedBefore };
  return sortAsks([stands], wanted).live;
}

test("a question that waits for its answer is not asked again", () => {
  expect(live(ask())).not.toBeNull();
  expect(live(ask({ expiresAt: NOW }))).toBeNull();
});

test("approved in the middle of a round: the next round knows, so nothing is asked meanwhile", () =>
  expect(live(ask({ answer: "approved" }))).not.toBeNull());

test("approved before the round, and still a question: something has changed, so it is asked anew", () => {
  const approved = ask({ answer: "approved" });
  expect(live(approved, [approved.id])).toBeNull();
  expect(live(ask({ answer: "approved", expiresAt: NOW }))).toBeNull();
});

test("a question that nobody has any more is taken back", () => {
  const wanted = { incidentId: "inc-1", question: null, now: NOW, approvedBefore: [] };
  expect(sortAsks([ask()], wanted).withdraw).toHaveLength(1);
  expect(sortAsks([ask({ answer: "denied" })], wanted).withdraw).toEqual([]);
});
