import { describe, expect, test } from "vitest";
import type { Ask } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import {
  keyOfAsk,
  keyOfSending,
  sendingDue,
  sortAsks,
} from "../../shared/policy/evidence/sort-asks.ts";
import { opensNext } from "../../shared/policy/evidence/windows.ts";
import { facts, HOUR, MINUTE, NOW, policy } from "../support/facts.ts";

const DAY = 24 * HOUR;

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
    answer: "none",
    answeredAt: null,
    ...change,
  };
}

const WEEKLY = { schedule: "0 3 * * SUN", timezone: "Etc/UTC", forMs: HOUR };

function live(stands: Ask, change: Partial<Parameters<typeof sortAsks>[1]> = {}): Ask | null {
  const wanted = { incidentId: "inc-1", question, now: NOW, approvedBefore: [], policy: policy() };
  return sortAsks([stands], { ...wanted, ...change }).live;
}

test("a question that waits for its answer is not asked anew, however old it is", () => {
  expect(live(ask())).not.toBeNull();
  expect(live(ask({ askedAt: NOW - 30 * DAY }))).not.toBeNull();
});

test.each([
  ["at once", 0, 1],
  ["and no more within a quarter of an hour", 15 * MINUTE - 1, 1],
  ["after a quarter of an hour", 15 * MINUTE, 2],
  ["an hour later", 75 * MINUTE, 3],
  ["six hours later", 7 * HOUR + 15 * MINUTE, 4],
  ["and no more within a day", 31 * HOUR + 15 * MINUTE - 1, 4],
  ["and then every day", 31 * HOUR + 15 * MINUTE, 5],
  ["and every day", 55 * HOUR + 15 * MINUTE, 6],
])("a question that nobody answers is sent %s", (_, ageMs, sending) =>
  expect(sendingDue({ askedAt: NOW - ageMs }, NOW)).toBe(sending),
);

test("a no stands for as long as the incident", () =>
  expect(live(ask({ answer: "denied", answeredAt: NOW - 30 * DAY }))).not.toBeNull());

test("a no of which nobody knows when it was given stands for nothing: it is asked anew", () =>
  expect(live(ask({ answer: "denied" }))).toBeNull());

test("what was taken back is asked anew", () =>
  expect(live(ask({ answer: "withdrawn", answeredAt: NOW }))).toBeNull());

describe("a no to the way home stands", () => {
  const no = (ageMs: number, window: typeof WEEKLY | null): Ask | null => {
    const { failback, ...rest } = policy();
    const denied = ask({ purpose: "fail-back", answer: "denied", answeredAt: NOW - ageMs });
    return live(denied, { policy: { ...rest, failback: { ...failback, window } } });
  };

  test("for a month", () => {
    expect(no(30 * DAY - 1, null)).not.toBeNull();
    expect(no(30 * DAY, null)).toBeNull();
  });

  test("until the next window opens", () => {
    const opened = opensNext(WEEKLY, NOW - 7 * DAY) ?? 0;
    expect(no(NOW - opened, WEEKLY)).not.toBeNull();
    expect(no(NOW - opened + 1, WEEKLY)).toBeNull();
  });

  test("for a month where the window never opens", () => {
    const never = { ...WEEKLY, schedule: "0 3 30 2 *" };
    expect(no(30 * DAY - 1, never)).not.toBeNull();
    expect(no(30 * DAY, never)).toBeNull();
  });
});

test("approved in the middle of a round: the next round knows, so nothing is asked meanwhile", () =>
  expect(live(ask({ answer: "approved", answeredAt: NOW }))).not.toBeNull());

test("approved before the round, and still a question: something has changed, so it is asked anew", () => {
  const approved = ask({ answer: "approved", answeredAt: NOW - MINUTE });
  expect(live(approved, { approvedBefore: [approved.id] })).toBeNull();
});

test("an approval is waited for as long as it is good, and not a millisecond longer", () => {
  const approved = (ageMs: number) => ask({ answer: "approved", answeredAt: NOW - ageMs });
  expect(live(approved(policy().approvalMs - 1))).not.toBeNull();
  expect(live(approved(policy().approvalMs))).toBeNull();
  expect(live(ask({ answer: "approved" }))).toBeNull();
});

describe("of several asks", () => {
  const asked = ask();
  const other = ask({ id: `inc-1-now~x${question.digest}` });
  const elsewhere = ask({ id: `inc-2-now~${question.digest}`, incidentId: "inc-2" });
  const gone = ask({ id: "inc-2-now~gone", incidentId: "inc-2" });
  const wanted = { incidentId: "inc-1", question, now: NOW, approvedBefore: [], policy: policy() };

  test("the one that asks this very question is live, and what asks another is taken back", () =>
    expect(sortAsks([other, asked], wanted)).toEqual({ withdraw: [other], live: asked }));

  test("one of another incident is neither", () =>
    expect(sortAsks([elsewhere, gone], wanted)).toEqual({ withdraw: [], live: null }));

  test("one that was taken back does not hide one that waits", () => {
    const over = ask({ answer: "withdrawn", answeredAt: NOW });
    expect(sortAsks([over, asked], wanted).live).toBe(asked);
  });
});

test("an ask is told from the others of its incident by what its id says beyond it", () =>
  expect(keyOfAsk({ id: "inc-1-now~digest", incidentId: "inc-1" })).toBe("now~digest"));

test("each sending of an ask but the first is an announcement of its own", () => {
  expect(keyOfSending("now~digest", 1)).toBe("now~digest");
  expect(keyOfSending("now~digest", 2)).toBe("now~digest~2");
});

test("a question that nobody has any more is taken back", () => {
  const gone = { incidentId: "inc-1", question: null, now: NOW, approvedBefore: [] };
  const wanted = { ...gone, policy: policy() };
  expect(sortAsks([ask()], wanted).withdraw).toHaveLength(1);
  expect(sortAsks([ask({ answer: "denied", answeredAt: NOW })], wanted).withdraw).toEqual([]);
});
