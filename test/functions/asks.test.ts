import { expect, test } from "vitest";
import type { Ask } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import { sortAsks, waitForAnswerMs } from "../../shared/policy/evidence/sort-asks.ts";
import { facts, HOUR, MINUTE, NOW, policy } from "../support/facts.ts";

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

test("a question that was denied is not asked again for a month; another one is", () => {
  const denied = ask({ answer: "denied", askedAt: NOW - 29 * 24 * HOUR, expiresAt: NOW - HOUR });
  expect(live(denied)).not.toBeNull();
  expect(live({ ...denied, askedAt: NOW - 30 * 24 * HOUR })).toBeNull();
  expect(live({ ...denied, id: "inc-1-now~other" })).toBeNull();
});

test("what nobody answers is asked again after the configured wait, an hour, six, and then daily", () => {
  const asked = { id: "inc-1-next", incidentId: "inc-1", digest: question.digest };
  const waits = [0, 1, 2, 3, 4].map((times) => {
    const before = Array.from({ length: times }, (_, i) =>
      ask({ id: `inc-1-${i}~${question.digest}`, expiresAt: NOW }),
    );
    return waitForAnswerMs(before, asked, 15 * MINUTE);
  });
  expect(waits).toEqual([15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 24 * HOUR]);
});

test("only the same question of the same incident, unanswered, makes it wait longer", () => {
  const asked = { id: ask().id, incidentId: "inc-1", digest: question.digest };
  const id = `inc-1-then~${question.digest}`;
  const others = [
    ask(),
    ask({ id, incidentId: "inc-2" }),
    ask({ id: "inc-1-then~other" }),
    ask({ id, answer: "approved" }),
    ask({ id, answer: "withdrawn" }),
  ];
  expect(waitForAnswerMs(others, asked, 15 * MINUTE)).toBe(15 * MINUTE);
  expect(waitForAnswerMs([ask({ id })], asked, 2 * HOUR)).toBe(2 * HOUR);
});
