import { afterAll, describe, expect, test } from "vitest";
import type { AppName } from "./app-folders.ts";
import { Bench } from "./bench.ts";
import { at, parseJson } from "./json.ts";
import { nameOfRun } from "./masks.ts";
import { startOnSocket } from "./socket-target.ts";
import type { Target } from "./target.ts";

// Set j: how an app is loaded, from a folder, by a worker in a process of its own.

const started: Target[] = [];

let runs = 0;

async function benchFor(app: AppName): Promise<Bench> {
  const target = await startOnSocket(app);
  started.push(target);
  return new Bench(target, nameOfRun(++runs));
}

afterAll(async () => {
  await Promise.all(started.map((target) => target.stop()));
});

describe.concurrent("loading", { timeout: 30_000 }, () => {
  test("a function whose name is not valid is left out, and the others stay", async () => {
    const bench = await benchFor("names");
    const statuses: number[] = [];
    for (let n = 1; n <= 12; n++) statuses.push((await bench.get(`/api/n${n}`)).status);
    // with.dot, with-dash, with_under, 1digit, blank, umlaut, slash, 128 characters, colon, _lead, host, plain
    expect(statuses).toEqual([404, 200, 200, 404, 404, 404, 404, 200, 404, 404, 404, 200]);
  });

  test("a name that is registered twice is refused at the second registration", async () => {
    const bench = await benchFor("same-name");
    const { text } = await bench.get("/api/report");
    expect(text).toBe('A function with id "same" has already been registered.');
  });

  test("two names that differ only in case stop the whole host", async () => {
    const reason =
      "Method overloads are not supported. There are multiple methods with the name 'Host.Functions.";
    await expect(startOnSocket("case-twins")).rejects.toThrow(reason);
  });

  test("an entry file that throws stops our host, where the real one goes on without any function", async () => {
    await expect(startOnSocket("entry-throws")).rejects.toThrow("entry file exploded");
  });

  test("ES modules are loaded in the order of the glob, top-level await included, before appStart", async () => {
    const bench = await benchFor("esm");
    const { text } = await bench.get("/api/order");
    const order = ["index", "a", "b-start", "b-end", "appStart:undefined"];
    expect(at(parseJson(text), "order")).toEqual(order);
    const answer = await bench.wire({ method: "POST", path: "/api/start" });
    const end = await bench.settle(String(at(parseJson(answer.text), "id")), 10_000);
    expect(end.status?.output).toBe(2);
  });

  test("a listener for unhandled rejections in the app saves its worker", async () => {
    const bench = await benchFor("guard");
    await bench.get("/api/reject");
    expect(await bench.get("/api/slow")).toMatchObject({
      status: 200,
      text: '["UR unhandled outside"]',
    });
  });
});
