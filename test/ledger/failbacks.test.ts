// What a failover leaves to do, in the stores of both regions: of two words the one that says that it is over.

import { describe, expect, test } from "vitest";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Book } from "../../shared/ledger/book.ts";
import {
  changeFailback,
  failbackIn,
  newestFailback,
  newFailback,
  scheduleFailback,
} from "../../shared/ledger/failbacks.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { NOW } from "../support/ledger-rows.ts";

const AWAY = newFailback({
  id: "away-1",
  group: "orders-fog",
  incidentId: "inc-1",
  awayOn: "partner",
  failedOverAt: NOW,
  state: "waiting",
});
const LATER: Failback = { ...AWAY, id: "away-2", failedOverAt: NOW + 60_000 };

function startBooks() {
  const { at, run, silence } = startLedger();
  const [neu, weu] = [at("neu"), at("weu")];
  const newest = async (...books: readonly Book[]) =>
    newestFailback(await run(Promise.all(books.map(readLive))), "partner");
  const inNeu = async () => valueOrNull(failbackIn(await run(readLive(neu)), "partner"));
  return { neu, weu, run, silence, newest, inNeu };
}

test("a way home begins with nobody at work on it and nothing decided", () => {
  const { id, group, incidentId, awayOn, failedOverAt, state, motor, verified, ...rest } = AWAY;
  expect(verified).toBe(false);
  expect([id, group, incidentId, awayOn, failedOverAt, state, motor]).toEqual([
    "away-1",
    "orders-fog",
    "inc-1",
    "partner",
    NOW,
    "waiting",
    0,
  ]);
  expect(new Set(Object.values(rest))).toEqual(new Set([null]));
});

describe("the way home after a failover", () => {
  test("stands once it is written, and is not begun anew by the same failover", async () => {
    const { neu, run, newest } = startBooks();
    expect(await newest(neu)).toBeNull();
    await run(scheduleFailback(neu, AWAY));
    await run(changeFailback(neu, AWAY, (row) => ({ ...row, protectedAt: NOW + 1 })));
    await run(scheduleFailback(neu, AWAY));
    expect(await newest(neu)).toEqual({ ...AWAY, protectedAt: NOW + 1 });
  });

  test("gives way to that of a later failover", async () => {
    const { neu, run, newest } = startBooks();
    await run(scheduleFailback(neu, AWAY));
    await run(scheduleFailback(neu, LATER));
    expect(await newest(neu)).toEqual(LATER);
  });

  test("is the newest of what the stores say, in whatever order they are read", async () => {
    const { neu, weu, run, newest } = startBooks();
    await run(scheduleFailback(neu, AWAY));
    await run(scheduleFailback(weu, LATER));
    expect(await newest(neu, weu)).toEqual(LATER);
    expect(await newest(weu, neu)).toEqual(LATER);
  });

  test("is over as soon as one store says so, and another failover's end ends it not", async () => {
    const { neu, weu, run, newest } = startBooks();
    const end = (row: Failback): Failback => ({ ...row, state: "done", doneAt: NOW + 5 });
    for (const book of [neu, weu]) await run(scheduleFailback(book, AWAY));
    await run(changeFailback(weu, AWAY, end));
    expect(await newest(neu, weu)).toBeNull();
    expect(await newest(neu)).toEqual(AWAY);
    await run(scheduleFailback(neu, LATER));
    expect(await newest(weu, neu)).toEqual(LATER);
  });

  test("is what one store says, while the other is silent", async () => {
    const { neu, weu, run, silence, newest } = startBooks();
    for (const book of [neu, weu]) await run(scheduleFailback(book, AWAY));
    silence("weu");
    expect(await newest(weu, neu)).toEqual(AWAY);
    expect(await newest(weu)).toBeNull();
  });

  test("is changed under its own id, until it is over", async () => {
    const { neu, run, inNeu } = startBooks();
    const move = (row: Failback): Failback => ({ ...row, motor: row.motor + 1 });
    expect(await run(changeFailback(neu, AWAY, move))).toBeNull();
    await run(scheduleFailback(neu, AWAY));
    expect(await run(changeFailback(neu, LATER, move))).toBeNull();
    expect(await run(changeFailback(neu, AWAY, move))).toMatchObject({ value: { motor: 1 } });
    expect(await run(changeFailback(neu, AWAY, () => null))).toBeNull();
    await run(changeFailback(neu, AWAY, (row) => ({ ...row, state: "done" })));
    expect(await run(changeFailback(neu, AWAY, move))).toBeNull();
    expect(await inNeu()).toMatchObject({ motor: 1, state: "done" });
  });

  test("that nobody wants is changed like any other, and is not over", async () => {
    const { neu, run, newest } = startBooks();
    await run(scheduleFailback(neu, { ...AWAY, state: "off" }));
    await run(changeFailback(neu, AWAY, (row) => ({ ...row, protectedAt: NOW })));
    expect(await newest(neu)).toMatchObject({ state: "off", protectedAt: NOW });
  });
});
