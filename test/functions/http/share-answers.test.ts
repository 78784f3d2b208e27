import { VirtualClock } from "functions-host/clock";
import { expect, test } from "vitest";
import { shareAnswers } from "../../../functions/http/share-answers.ts";
import { BILLING, ORDERS } from "../triggers/sites-under-test.ts";

const SECOND = 1_000;

function start(work: (group: string, nth: number) => Promise<string>) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  let begun = 0;
  const ask = shareAnswers(clock, 5 * SECOND, ({ name }) => work(name, ++begun));
  return { clock, ask, begun: () => begun, pass: (ms: number) => clock.runUntil(clock.now() + ms) };
}

test("who asks at once, or within five seconds of the answer, gets the same one; each group has its own", async () => {
  const { ask, begun, pass } = start(async (name, nth) => `${name} ${nth}`);
  expect(await Promise.all([ask(ORDERS), ask(ORDERS), ask(BILLING)])).toEqual([
    "orders-fog 1",
    "orders-fog 1",
    "billing-fog 2",
  ]);
  await pass(4 * SECOND);
  expect(await ask(ORDERS)).toBe("orders-fog 1");
  await pass(SECOND);
  expect(await ask(ORDERS)).toBe("orders-fog 3");
  expect(begun()).toBe(3);
});

test("a failure is told to all who wait for it, and to nobody after them", async () => {
  const { ask } = start(async (_, nth) => {
    if (nth === 1) throw new Error("Cannot look");
    return "seen";
  });
  const both = await Promise.allSettled([ask(ORDERS), ask(ORDERS)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await ask(ORDERS)).toBe("seen");
});

test("work that never ends is waited for by nobody who comes half a minute later", async () => {
  const { ask, pass } = start((_, nth) =>
    nth === 1 ? new Promise(() => undefined) : Promise.resolve("seen"),
  );
  void ask(ORDERS).catch(() => undefined);
  await pass(30 * SECOND);
  expect(await ask(ORDERS)).toBe("seen");
});
