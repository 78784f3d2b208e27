import { describe, expect, test } from "vitest";
import type { Ask, Question } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { tellingDue } from "../../shared/policy/evidence/again.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import { type Sending, sortAsks, type Wanted } from "../../shared/policy/evidence/sort-asks.ts";
import { opensNext } from "../../shared/policy/evidence/windows.ts";
import { facts, MINUTE, NOW, policy, SECOND } from "../support/facts.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const QUESTION: Question = {
  kind: "forced",
  diagnosis: "regional-loss",
  guards: ["cooldown"],
  lossAtMostMs: 30 * SECOND,
  version: 1,
};

function ask(change: Partial<Ask> = {}): Ask {
  return {
    ...QUESTION,
    id: "inc-1~then~forced-regional-loss",
    incidentId: "inc-1",
    purpose: "fail-over",
    expectedPrimary: "home",
    tokenHashes: [],
    older: [],
    askedAt: NOW - MINUTE,
    unwantedSinceAt: null,
    answer: "none",
    answeredAt: null,
    takesBack: [],
    ...change,
  };
}

const WEEKLY = { schedule: "0 3 * * SUN", timezone: "Etc/UTC", forMs: HOUR };

function wanted(change: Partial<Wanted> = {}): Wanted {
  return {
    incidentId: "inc-1",
    question: QUESTION,
    diagnosis: (change.question ?? QUESTION).diagnosis,
    isAtRest: false,
    now: NOW,
    approvedBefore: [],
    policy: policy(),
    ...change,
  };
}

/** What is sent while these asks are known. */
function sent(asks: readonly Ask[], change: Partial<Wanted> = {}): Sending | null {
  return sortAsks(asks, wanted(change)).sending;
}

const asksAnew = (sending: Sending | null): boolean =>
  sending?.askKey.startsWith(NOW.toString(36)) ?? false;

describe("what a person is asked", () => {
  const given = facts();
  const asking = decide(given, policy({ mode: "approve" })).decision;
  const asked = (change: Parameters<typeof facts>[0], diagnosis = asking.diagnosis) =>
    questionOf(
      { purpose: "fail-over", facts: facts(change), decision: { ...asking, diagnosis } },
      policy({ mode: "approve" }),
    );

  test("names how it would be done, and what would be lost to the next step", () => {
    const loss = { kind: "bounded", atMostMs: 31 * SECOND, database: "orders" } as const;
    expect(asked({ loss })).toMatchObject({ kind: "forced", lossAtMostMs: MINUTE });
    expect(asked({ loss }, "flapping")).toMatchObject({
      kind: "planned",
      lossAtMostMs: 30 * SECOND,
    });
    const unknown = { kind: "unknown", because: "no-evidence", database: null } as const;
    expect(asked({ loss: unknown })).toMatchObject({ lossAtMostMs: null });
  });

  test("in trouble names the majority that comes and goes, whatever this look says", () => {
    expect(asked({}, "trouble")?.guards).toEqual(["no-majority"]);
    expect(asked({})?.guards).toEqual([]);
  });

  test("is nothing where the decision asks nobody", () => {
    const decision = { ...asking, verdict: "hold" } as const;
    expect(questionOf({ purpose: "fail-over", facts: given, decision }, policy())).toBeNull();
  });
});

test("a question that waits for its answer is not asked anew, however old it is", () => {
  const key = "then~forced-regional-loss";
  expect(sent([ask()])).toMatchObject({ key, askKey: key, question: QUESTION });
  expect(sent([ask({ askedAt: NOW - 30 * DAY })])).toMatchObject({ askKey: key });
  expect(sent([ask({ incidentId: "inc-0" })])?.askKey).not.toBe(key);
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
])("a question that nobody answers is sent %s", (_, ageMs, sending) => {
  const askedAt = NOW - ageMs;
  expect(tellingDue(askedAt, NOW)).toBe(sending);
  const again = sending === 1 ? "" : `~${sending}`;
  expect(sent([ask({ askedAt })])?.key).toBe(`then~forced-regional-loss${again}`);
});

describe("a newer version of an ask", () => {
  test.each<[string, Partial<Question>, Partial<Question>]>([
    [
      "another guard closes",
      { guards: ["loss-unknown"] },
      { guards: ["cooldown", "loss-unknown"] },
    ],
    ["more would be lost", { lossAtMostMs: MINUTE }, { lossAtMostMs: MINUTE }],
    ["nobody knows any more what is lost", { lossAtMostMs: null }, { lossAtMostMs: null }],
  ])("is sent at once when %s, and shows what was shown before as well", (_, change, shows) => {
    const sending = sent([ask()], { question: { ...QUESTION, ...change } });
    expect(sending).toEqual({
      key: "then~forced-regional-loss~v2",
      askKey: "then~forced-regional-loss",
      question: { ...QUESTION, ...shows, version: 2 },
    });
  });

  test.each<[string, Partial<Question>, Partial<Ask>]>([
    ["a guard opens", { guards: [] }, {}],
    ["less would be lost", {}, { lossAtMostMs: MINUTE }],
    ["it is known again what would be lost", {}, { lossAtMostMs: null }],
    ["a sign of life comes", { guards: ["cooldown", "sign-of-life"] }, {}],
    ["the majority goes", { guards: ["cooldown", "no-majority"] }, {}],
  ])("is none when %s: what is sent again shows what it has shown", (_, change, before) => {
    const { kind, diagnosis, guards, lossAtMostMs, version } = ask(before);
    const sending = sent([ask(before)], { question: { ...QUESTION, ...change } });
    expect(sending?.question).toEqual({ kind, diagnosis, guards, lossAtMostMs, version });
  });

  test("is sent again after growing waits of its own", () => {
    const second = ask({ version: 2, askedAt: NOW - 15 * MINUTE });
    expect(sent([second])?.key).toBe("then~forced-regional-loss~v2~2");
  });
});

describe("nobody is asked anew within a quarter of an hour", () => {
  const other: Question = { ...QUESTION, diagnosis: "flapping", kind: "planned" };
  test.each<[string, Question, Partial<Ask>, boolean]>([
    ["of another diagnosis", other, {}, false],
    ["but then", other, { askedAt: NOW - 15 * MINUTE }, true],
    ["to do it in another way", { ...QUESTION, kind: "planned" }, {}, false],
    ["unless the region is lost", QUESTION, { diagnosis: "trouble" }, true],
    ["unless the instance is lost", { ...QUESTION, diagnosis: "instance-loss" }, {}, true],
    ["unless the key is denied", { ...QUESTION, diagnosis: "key-denied" }, {}, true],
    ["of what was worse already", QUESTION, { kind: "planned" }, false],
    ["of what was worse, and taken back", QUESTION, { answer: "withdrawn" }, true],
    ["of the same that was taken back", other, { ...other, answer: "withdrawn" }, false],
    ["of what was approved, and still asks the same", QUESTION, { answer: "approved" }, false],
    [
      "unless more is in the way than was approved",
      QUESTION,
      { answer: "approved", guards: [] },
      true,
    ],
    [
      "unless a planned attempt was approved, and to force it is left",
      QUESTION,
      { answer: "approved", kind: "planned", guards: [] },
      true,
    ],
  ])("%s", (_, question, before, anew) => {
    const asks = [ask(before)];
    const approvedBefore = asks.map(({ id }) => id);
    expect(asksAnew(sent(asks, { question, approvedBefore }))).toBe(anew);
  });
});

test("a no stands for as long as the incident, unless more would be lost by now", () => {
  const no = ask({ answer: "denied", answeredAt: NOW - 30 * DAY, askedAt: NOW - 30 * DAY });
  expect(sent([no])).toBeNull();
  expect(sent([no], { question: { ...QUESTION, guards: ["loss-unknown"] } })).toBeNull();
  const more = { ...QUESTION, lossAtMostMs: MINUTE };
  expect(sent([no], { question: more })).toMatchObject({ question: more });
  const young = ask({ answer: "denied", answeredAt: NOW });
  expect(asksAnew(sent([young], { question: more }))).toBe(true);
});

describe("a no to the way home stands", () => {
  const isAskedAnew = (ageMs: number, window: typeof WEEKLY | null): boolean => {
    const { failback, ...rest } = policy();
    const at = NOW - ageMs;
    const denied = ask({ purpose: "fail-back", answer: "denied", answeredAt: at, askedAt: at });
    return asksAnew(sent([denied], { policy: { ...rest, failback: { ...failback, window } } }));
  };

  test("for a month", () => {
    expect(isAskedAnew(30 * DAY - 1, null)).toBe(false);
    expect(isAskedAnew(30 * DAY, null)).toBe(true);
  });

  test("until the next window opens", () => {
    const opened = opensNext(WEEKLY, NOW - 7 * DAY) ?? 0;
    expect(isAskedAnew(NOW - opened, WEEKLY)).toBe(false);
    expect(isAskedAnew(NOW - opened + 1, WEEKLY)).toBe(true);
  });
});

test("approved in the middle of a round: the next round knows, so nothing is asked meanwhile", () => {
  const long = { askedAt: NOW - HOUR };
  expect(sent([ask({ ...long, answer: "approved", answeredAt: NOW })])).toBeNull();
  const before = ask({ ...long, answer: "approved", answeredAt: NOW - MINUTE });
  expect(asksAnew(sent([before], { approvedBefore: [before.id] }))).toBe(true);
  const answeredAt = NOW - policy().approvalMs;
  expect(asksAnew(sent([ask({ ...long, answer: "approved", answeredAt })]))).toBe(true);
});

describe("an ask is taken back", () => {
  const WAITED = NOW - 2 * MINUTE;
  const none = { question: null } as const;

  const next = (change: Partial<Ask> = {}) =>
    ask({
      id: "inc-1~now~planned-path",
      kind: "planned",
      diagnosis: "path",
      askedAt: NOW,
      ...change,
    });

  test.each<[string, Partial<Wanted>]>([
    ["another diagnosis stands", { ...none, diagnosis: "path" }],
    ["another diagnosis is asked", { question: { ...QUESTION, diagnosis: "path" } }],
  ])("when for two minutes %s and another ask was sent, and not before", (_, change) => {
    const now = sortAsks([ask()], wanted(change));
    expect([now.withdraw, now.turned]).toEqual([[], [ask({ unwantedSinceAt: NOW })]]);
    const soon = sortAsks([next(), ask({ unwantedSinceAt: WAITED + 1 })], wanted(change));
    expect([soon.withdraw, soon.turned]).toEqual([[], []]);
    const long = ask({ unwantedSinceAt: WAITED });
    expect(sortAsks([long], wanted(change)).withdraw).toEqual([]);
    expect(sortAsks([next({ answer: "withdrawn" }), long], wanted(change)).withdraw).toEqual([]);
    for (const answer of ["none", "denied", "approved"] as const) {
      expect(sortAsks([next({ answer }), long], wanted(change)).withdraw).toEqual([long]);
    }
  });

  test("of the way home when for two minutes nobody wants it any more, and of a failover only with its incident", () => {
    const over = wanted({ ...none, diagnosis: "none", isAtRest: true });
    const long = ask({ unwantedSinceAt: WAITED });
    expect(sortAsks([long], over).withdraw).toEqual([]);
    const home = { ...long, purpose: "fail-back" } as const;
    expect(sortAsks([home], over).withdraw).toEqual([home]);
    expect(sortAsks([{ ...home, unwantedSinceAt: WAITED + 1 }], over).withdraw).toEqual([]);
  });

  test.each<[string, Partial<Wanted>]>([
    ["it is asked again", {}],
    ["a guard that nobody lifts is closed", none],
    ["nobody sees anything", { ...none, diagnosis: "unclear" }],
    ["names do not resolve", { ...none, diagnosis: "dns" }],
  ])("not when %s: its time starts anew", (_, change) => {
    const { withdraw, turned } = sortAsks([ask({ unwantedSinceAt: WAITED })], wanted(change));
    expect([withdraw, turned]).toEqual([[], [ask()]]);
  });

  test("when the same is asked anew, to be done in another way", () => {
    const forced = ask({ id: "inc-1~now~forced-regional-loss", askedAt: NOW });
    const planned = ask({ kind: "planned" });
    const { withdraw } = sortAsks([forced, planned], wanted());
    expect(withdraw).toEqual([planned]);
  });

  test("by a clock that was set back no later than two minutes from now", () => {
    const { turned } = sortAsks(
      [ask({ unwantedSinceAt: NOW + HOUR })],
      wanted({ ...none, diagnosis: "path" }),
    );
    expect(turned).toEqual([]);
  });

  test("never once it has its answer", () => {
    const over = wanted({ ...none, diagnosis: "none", isAtRest: true });
    const answered = ask({ answer: "denied", answeredAt: NOW, unwantedSinceAt: WAITED });
    expect(sortAsks([answered], over)).toEqual({ withdraw: [], turned: [], sending: null });
  });
});
