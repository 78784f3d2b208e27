// What a person is asked: the same words while only seconds pass, and anew when more is at stake.

import { describe, expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import { type LossBound, NOT_MEASURED } from "../../shared/domain/loss.ts";
import type { Question } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { gistOf } from "../../shared/policy/evidence/gist-of.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import { facts, HOUR, MINUTE, policy, SECOND } from "../support/facts.ts";

type Finding = Decision["guards"][number];

function finding(guard: Finding["guard"], change: Partial<Finding> = {}): Finding {
  return { guard, strength: "liftable", state: "closed", because: null, ...change };
}

function decision(change: Partial<Decision> = {}): Decision {
  return { ...decide(facts(), policy()).decision, guards: [], ...change };
}

const loss = (atMostMs: number) => ({ kind: "bounded", atMostMs, database: "orders" }) as const;

/** The question of a decision that asks, at that bound of the loss. */
function asked(change: Partial<Decision> = {}, bound: LossBound = loss(0)): Question {
  const asks = decision({ verdict: "ask", diagnosis: "regional-loss", ...change });
  const question = questionOf(
    { purpose: "fail-over", facts: facts({ loss: bound }), decision: asks },
    policy(),
  );
  if (question === null) throw new Error("Cannot read the question: nobody is asked");
  return question;
}

describe("a person is asked to accept", () => {
  test("the guards that are closed and that a person may lift, and no others", () => {
    const guards = [
      finding("loss-unknown"),
      finding("cooldown"),
      finding("key-unknown", { state: "open" }),
      finding("key-denied", { state: "lifted" }),
      finding("quorum", { strength: "absolute" }),
    ];
    expect(asked({ guards }).guards).toEqual(["cooldown", "loss-unknown"]);
  });

  test.each([
    ["nothing", 0, 30 * SECOND],
    ["half a minute", 30 * SECOND, 30 * SECOND],
    ["a little more", 30 * SECOND + 1, MINUTE],
    ["a little more than a minute", MINUTE + 1, 5 * MINUTE],
    ["a little more than five", 5 * MINUTE + 1, 15 * MINUTE],
    ["a little more than a quarter of an hour", 15 * MINUTE + 1, HOUR],
    ["a little more than an hour", HOUR + 1, 6 * HOUR],
    ["a little more than six", 6 * HOUR + 1, 24 * HOUR],
    ["more than a day, as it is", 24 * HOUR + 1, 24 * HOUR + 1],
  ])("a loss by its upper edge: %s", (_, atMostMs, edge) =>
    expect(asked({}, loss(atMostMs)).lossAtMostMs).toBe(edge),
  );

  test("a loss that nobody knows as unknown", () =>
    expect(asked({}, NOT_MEASURED).lossAtMostMs).toBeNull());
});

describe("it is the same question", () => {
  test("whatever passes without a word to the person", () => {
    expect(asked({ graceLeftMs: 1, waitingFor: [], rule: "another" })).toEqual(asked());
    expect(asked({}, loss(29 * SECOND))).toEqual(asked());
    const [a, b] = [finding("cooldown"), finding("key-denied")];
    expect(asked({ guards: [a, b] })).toEqual(asked({ guards: [b, a] }));
  });

  test.each<[string, Partial<Decision>, LossBound]>([
    ["what is wrong", { diagnosis: "gray-writes" }, loss(0)],
    ["what is in the way", { guards: [finding("cooldown")] }, loss(0)],
    ["what may be lost", {}, loss(31 * SECOND)],
    ["that nobody knows what may be lost", {}, NOT_MEASURED],
  ])("but for %s", (_, change, bound) => expect(asked(change, bound)).not.toEqual(asked()));
});

test("nobody is asked by a decision that does not ask", () => {
  const about = { purpose: "fail-over", facts: facts(), decision: decision() } as const;
  expect(questionOf(about, policy())).toBeNull();
});

describe("a decision is no news", () => {
  const guards = [finding("cooldown"), finding("key-denied", { state: "open" })];
  const before = decision({ guards });
  const isNews = (change: Partial<Decision>) => gistOf({ ...before, ...change }) !== gistOf(before);

  test("while only its numbers change, and guards that are not in the way", () => {
    expect(isNews({ graceLeftMs: 1, because: [], waitingFor: [] })).toBe(false);
    const numbers = { code: "since", values: { sinceMs: 1 } };
    expect(isNews({ guards: [finding("cooldown", { because: numbers })] })).toBe(false);
    expect(isNews({ guards: [...guards, finding("quorum", { state: "lifted" })] })).toBe(false);
  });

  test.each<[string, Partial<Decision>]>([
    ["another rule", { rule: "another" }],
    ["another verdict", { verdict: "ask" }],
    ["another diagnosis", { diagnosis: "gray-writes" }],
    ["another way to act", { kind: "planned" }],
    ["another guard in the way", { guards: [...guards, finding("quorum")] }],
    ["nothing in the way any more", { guards: [] }],
    ["one thing in the way instead of another", { guards: [finding("quorum")] }],
  ])("%s is", (_, change) => expect(isNews(change)).toBe(true));
});
