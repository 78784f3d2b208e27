// What is asked of Azure over and over, and how long what it told stands.

import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { createTopic } from "../../functions/seeing/topic.ts";
import type { OperationReading } from "../../shared/ports/instances.ts";
import { MINUTE, SECOND, START } from "../support/simulated-sites.ts";

const NONE: OperationReading = { kind: "none" };
const RUNS: OperationReading = { kind: "running", what: "scale", said: "scale", startedAt: null };
const SILENT: OperationReading = { kind: "unknown", because: "timed-out" };
const THROTTLED: OperationReading = {
  kind: "unknown",
  because: "http-429 (SubscriptionRequestsThrottled)",
  throttledForMs: 7 * SECOND,
};

/** A topic that was told these things, a minute apart; the last of them just now. */
async function told(...answers: readonly OperationReading[]) {
  const clock = new VirtualClock(START);
  const topic = createTopic<OperationReading, OperationReading>({
    what: "operations",
    ask: async (answer) => answer,
    inOrder: ({ kind }) => kind === "none",
  });
  for (const [nth, answer] of answers.entries()) {
    if (nth > 0) await clock.runUntil(clock.now() + MINUTE);
    await topic.ask(clock, answer);
  }
  return { topic, later: (ms: number) => clock.now() + ms };
}

/** A topic that was asked for, and is not answered before `answer` says so. */
function askedEarly(stands: { readonly standsMs?: number }) {
  const clock = new VirtualClock(START);
  const topic = createTopic<OperationReading, Promise<OperationReading>>({
    what: "operations",
    ask: (answer) => answer,
    inOrder: () => true,
    ...stands,
  });
  let answer = (_: OperationReading): void => undefined;
  const waits = new Promise<OperationReading>((resolve) => {
    answer = resolve;
  });
  return { clock, topic, early: topic.ask(clock, waits), answer };
}

describe("what is asked over and over", () => {
  test("is due before anybody has asked, and once what was told is two minutes old", async () => {
    expect((await told()).topic.isDue(START)).toBe(true);
    const { topic, later } = await told(NONE);
    expect(topic.isDue(later(2 * MINUTE - 1))).toBe(false);
    expect(topic.isDue(later(2 * MINUTE))).toBe(true);
    // By a clock that was set back nobody knows how old it is.
    expect(topic.isDue(later(-1))).toBe(true);
  });

  test("is due at once while it keeps a hand still or gives no answer", async () => {
    for (const answer of [RUNS, SILENT]) {
      const { topic, later } = await told(NONE, answer);
      expect(topic.isDue(later(0))).toBe(true);
    }
  });

  test("is left alone for as long as it wants where too much was asked, and that is told", async () => {
    const { topic, later } = await told(NONE, THROTTLED);
    expect(topic.throttledUntil()).toBe(later(7 * SECOND));
    expect(topic.isDue(later(7 * SECOND - 1))).toBe(false);
    expect(topic.isDue(later(7 * SECOND))).toBe(true);
    expect((await told(THROTTLED, NONE)).topic.throttledUntil()).toBeNull();
  });

  test("stands as it was told while no answer comes, for two minutes, and is unknown then", async () => {
    for (const silence of [SILENT, THROTTLED]) {
      const { topic, later } = await told(RUNS, silence);
      expect(topic.told(later(MINUTE - 1))).toEqual({ answer: RUNS, askedAt: START });
      expect(topic.told(later(MINUTE)).answer).toEqual(silence);
    }
  });

  test("an answer that comes after that of a later question is none", async () => {
    const { clock, topic, early, answer } = askedEarly({});
    await clock.runUntil(clock.now() + SECOND);
    await topic.ask(clock, Promise.resolve(RUNS));
    answer(NONE);
    await early;
    expect(topic.told(clock.now()).answer).toEqual(RUNS);
  });

  test("an answer to an earlier question counts where the later one was not answered", async () => {
    const { clock, topic, early, answer } = askedEarly({ standsMs: 0 });
    await topic.ask(clock, Promise.resolve(THROTTLED));
    answer(NONE);
    await early;
    expect(topic.told(clock.now()).answer).toEqual(NONE);
  });

  test("a clock that was set back makes no answer of before it the newest", async () => {
    const at = (now: number) => ({ now: () => now }) as VirtualClock;
    const topic = createTopic<OperationReading, OperationReading>({
      what: "operations",
      ask: async (answer) => answer,
      inOrder: ({ kind }) => kind === "none",
    });
    await topic.ask(at(START + MINUTE), NONE);
    expect(topic.triedAt(START)).toBe(Number.NEGATIVE_INFINITY);
    await topic.ask(at(START), RUNS);
    expect(topic.told(START)).toEqual({ answer: RUNS, askedAt: START });
    expect(topic.triedAt(START)).toBe(START);
  });
});
