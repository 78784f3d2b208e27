"use strict";

const df = require("durable-functions");
const { describeError } = require("../../../probe-kit");
const { MyErr } = require("../activities");
const { orchestration, nowMs, firstLine } = require("./define");

orchestration("Odd", function* (context) {
  const seen = {};
  for (const k of context.df.getInput().list) {
    try {
      yield context.df.callActivity("ThrowOdd", { k });
    } catch (error) {
      seen[k] = describeError(error);
      if (k === "long")
        seen[k].message = `${seen[k].message.length}:${seen[k].message.slice(0, 80)}`;
    }
  }
  return seen;
});

orchestration("Uncaught", function* (context) {
  yield context.df.callActivity("ThrowOdd", { k: "plain" });
});

orchestration("UncaughtCustom", function* (context) {
  yield context.df.callActivity("ThrowOdd", { k: "custom" });
});

const THROWN = {
  string: () => "orch string",
  obj: () => ({ a: 1 }),
  undef: () => undefined,
  conn: () => new Error("Server=tcp:x;Password=abc"),
};

orchestration("OrchThrow", function* (context) {
  const { k } = context.df.getInput() || {};
  context.df.setCustomStatus({ st: 1 });
  if (k === "after") yield context.df.callActivity("Plain", 1);
  throw (THROWN[k] ?? (() => new MyErr("orch boom")))();
});

orchestration("AllOneFails", function* (context) {
  const startMs = nowMs(context);
  try {
    yield context.df.Task.all([
      context.df.callActivity("Sleep", { ms: 6000, id: context.df.instanceId }),
      context.df.callActivity("ThrowOdd", { k: "plain" }),
      context.df.callActivity("Plain", 3),
    ]);
  } catch (error) {
    return {
      message: firstLine(error),
      ctor: error.constructor.name,
      afterMs: nowMs(context) - startMs,
    };
  }
});

orchestration("AnyFails", function* (context) {
  const failing = context.df.callActivity("ThrowOdd", { k: "plain" });
  const slow = context.df.callActivity("Sleep", { ms: 4000 });
  const winner = yield context.df.Task.any([failing, slow]);
  return {
    first: winner === failing ? "failed" : "slow",
    isFaulted: winner.isFaulted,
    isCompleted: winner.isCompleted,
    result: winner.result instanceof Error ? `Error:${firstLine(winner.result)}` : winner.result,
  };
});

orchestration("NoSuch", function* (context) {
  return yield context.df.callActivity("Nope", 1);
});

orchestration("NoSuchCaught", function* (context) {
  try {
    return yield context.df.callActivity("Nope", 1);
  } catch (error) {
    return { caught: error.message };
  }
});

orchestration("NoSuchSub", function* (context) {
  return yield context.df.callSubOrchestrator("Nope", 1);
});

orchestration("NoSuchEntity", function* (context) {
  return yield context.df.callEntity(new df.EntityId("Nope", "x"), "get");
});

orchestration("YieldPlain", function* () {
  return yield 5;
});

orchestration("PlainFn", () => 5);
