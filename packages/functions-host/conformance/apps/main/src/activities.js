"use strict";

const df = require("durable-functions");
const { describeValue, log, sleep } = require("../../probe-kit");

const attempts = new Map();
const counts = new Map();

function next(counters, key) {
  const n = (counters.get(key) ?? 0) + 1;
  counters.set(key, n);
  return n;
}

function activity(name, handler) {
  df.app.activity(name, { handler });
}

activity("Echo", (input) => describeValue(input));
activity("Plain", (input) => input);
activity("Now", () => Date.now());

activity("Ret", ({ k }) => RETURNED[k]);

activity("Fail", ({ k, times }) => {
  const n = next(attempts, k);
  if (n <= times) throw new Error(`fail ${k} ${n}`);
  return `${k} ok after ${n}`;
});

activity("Safe", ({ k, times }) => {
  const n = next(attempts, k);
  return n <= times ? { ok: false, err: `n${n}` } : { ok: true, n };
});

activity("Count", ({ k }) => {
  const n = next(counts, k);
  log({ ev: "Count", k, n });
  return n;
});

activity("Sleep", async ({ ms, id }, context) => {
  log({ ev: "Sleep-start", id, ms, inv: context.invocationId });
  await sleep(ms);
  log({ ev: "Sleep-end", id, inv: context.invocationId });
  return ms;
});

activity("ThrowOdd", ({ k }) => {
  if (k in THROWN) throw THROWN[k]();
  throw new Error("plain boom");
});

activity("Ctx", (_input, context) => ({
  keys: Object.keys(context),
  invocationId: context.invocationId,
  functionName: context.functionName,
  triggerMetadata: context.triggerMetadata,
  traceContext: context.traceContext,
  retryContext: context.retryContext ?? null,
  options: context.options,
}));

class MyErr extends Error {
  constructor(message) {
    super(message);
    this.name = "MyErr";
    this.code = "E42";
    this.extra = { a: 1 };
  }
}

const THROWN = {
  string: () => "just a string",
  obj: () => ({ code: 42 }),
  conn: () => new Error("login failed for Server=tcp:x;Password=abc;AccountKey=zzz"),
  undef: () => undefined,
  type: () => new TypeError("bad type"),
  custom: () => new MyErr("custom msg"),
  cause: () => new Error("outer", { cause: new Error("inner") }),
  multi: () => new Error('line1\nline2 "quoted" \\ back'),
  long: () => new Error("L".repeat(40_000)),
  empty: () => new Error(""),
  json: () => new Error('{"a":1}'),
};

const RETURNED = {
  undef: undefined,
  nul: null,
  num: 1.5,
  zero: 0,
  tru: true,
  fal: false,
  empty: "",
  str: "abc",
  strnum: "123",
  strjson: '{"a":1}',
  strbool: "true",
  arr: [1, "a", null],
  date: new Date(0),
  nan: Number.NaN,
  obj: { Timestamp: "2025-01-01T00:00:00Z", d: "2025-01-01T00:00:00+02:00", u: undefined },
  big: 12345678901234567890,
  neg: -0,
  buf: Buffer.from("hi"),
  big64: 9007199254740993,
  f: 1e21,
};

module.exports = { MyErr };
