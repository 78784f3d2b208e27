// Who was told of a decision is told of the next one five minutes later, and then what it was by then.

import { expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import type { GuardId } from "../../shared/domain/guard.ts";
import type { Heard } from "../../shared/domain/heard.ts";
import { decide } from "../../shared/policy/decide.ts";
import {
  hearDecision,
  heldBefore,
  heldSince,
  turnedSince,
} from "../../shared/policy/evidence/hear-decision.ts";
import { facts, MINUTE, NOW, policy, SECOND } from "../support/facts.ts";

const SOME = decide(facts(), policy()).decision;

const holding = (rule: string, change: Partial<Decision> = {}): Decision => ({
  ...SOME,
  ...{ verdict: "hold", rule },
  ...change,
});

/** Decisions with their instants, one after the other: the rules of the notices that went out. */
function hear(...rounds: readonly (readonly [atMs: number, decision: Decision])[]) {
  let heard: Heard | null = null;
  const notices: string[] = [];
  for (const [atMs, decision] of rounds) {
    const next = hearDecision(heard, decision, NOW + atMs);
    heard = next.heard;
    if (next.due) notices.push(`${atMs / SECOND} ${decision.rule}`);
  }
  if (heard === null) throw new Error("nothing was decided");
  return { heard, notices };
}

test("the first decision is told at once, and not again while it stays", () => {
  const { notices } = hear([0, holding("grace")], [10 * MINUTE, holding("grace")]);
  expect(notices).toEqual(["0 grace"]);
});

test("the next one is held back for five minutes, and told then if it still holds", () => {
  const { notices, heard } = hear(
    [0, holding("grace")],
    [MINUTE, holding("sign-of-life")],
    [2 * MINUTE, holding("no-majority")],
    [5 * MINUTE - 1, holding("no-majority")],
    [5 * MINUTE, holding("no-majority")],
  );
  expect(notices).toEqual(["0 grace", "300 no-majority"]);
  expect(heldBefore(heard).map(({ rule }) => rule)).toEqual(["sign-of-life", "no-majority"]);
  expect(heldSince(heard)).toEqual([]);
});

test("the next notice knows what has closed and opened since the last one that was told", () => {
  const closing = (...ids: readonly GuardId[]): Partial<Decision> => ({
    guards: ids.map((guard) => ({
      ...{ guard, strength: "liftable", state: "closed", because: null },
    })),
  });
  const first = [0, holding("grace", closing("no-majority", "cooldown"))] as const;
  expect(turnedSince(hear(first).heard)).toEqual({ closed: [], opened: [] });
  const { heard } = hear(
    first,
    [MINUTE, holding("grace", closing())],
    [5 * MINUTE, holding("grace", closing("cooldown", "key-unknown"))],
  );
  expect(turnedSince(heard)).toEqual({ closed: ["key-unknown"], opened: ["no-majority"] });
});

test("what comes and goes meanwhile is no news, and is said in the next message", () => {
  const { notices, heard } = hear(
    [0, holding("grace")],
    [MINUTE, holding("sign-of-life")],
    [2 * MINUTE, holding("grace")],
    [20 * MINUTE, holding("grace")],
  );
  expect(notices).toEqual(["0 grace"]);
  expect(heldSince(heard).map(({ rule }) => rule)).toEqual(["sign-of-life"]);
});

test("what one message has said was held back, the next one does not say again", () => {
  const { heard } = hear(
    [0, holding("grace")],
    [MINUTE, holding("sign-of-life")],
    [6 * MINUTE, holding("no-majority")],
    [30 * MINUTE, holding("grace")],
  );
  expect(heldBefore(heard)).toEqual([]);
});

test("a denied key waits for nothing, but does not come every other minute either", () => {
  const denied = { diagnosis: "key-denied" } as const;
  const { notices } = hear(
    [0, holding("grace")],
    [MINUTE, holding("grace", denied)],
    [2 * MINUTE, holding("cooldown", denied)],
  );
  expect(notices).toEqual(["0 grace", "60 grace"]);
});

test("an ask is no notice, and what follows it is one", () => {
  const ask = holding("guard", { verdict: "ask" });
  const { notices } = hear([0, ask], [MINUTE, holding("grace")], [6 * MINUTE, holding("other")]);
  expect(notices).toEqual(["60 grace", "360 other"]);
});

test("an instant of a clock that is hours ahead silences nobody", () => {
  const { notices } = hear([60 * MINUTE, holding("grace")], [0, holding("sign-of-life")]);
  expect(notices).toEqual(["3600 grace", "0 sign-of-life"]);
});
