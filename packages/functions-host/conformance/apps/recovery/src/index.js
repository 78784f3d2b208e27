"use strict";

const df = require("durable-functions");
const { registerClientFunction } = require("../../probe-kit");

registerClientFunction();

const counts = new Map();

function count(key) {
  const n = (counts.get(key) ?? 0) + 1;
  counts.set(key, n);
  return n;
}

df.app.activity("Count", { handler: ({ k }) => count(k) });

df.app.activity("FailFlag", {
  handler: ({ k }) => {
    if (count(`flag ${k}`) === 1) throw new Error("first time fails");
    return "second ok";
  },
});

df.app.orchestration("RaceO", function* (context) {
  const i = context.df.getInput();
  const n = yield context.df.callActivity("Count", { k: context.df.instanceId });
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 1500));
  const m = yield context.df.callActivity("Count", { k: `${context.df.instanceId}b` });
  return { i, n, m };
});

df.app.orchestration("RewindMe", function* (context) {
  const a = yield context.df.callActivity("Count", { k: context.df.instanceId });
  const b = yield context.df.callActivity("FailFlag", { k: context.df.instanceId });
  return { a, b };
});

df.app.orchestration("RewindThrower", function* (context) {
  yield context.df.callActivity("Count", { k: context.df.instanceId });
  throw new Error("fails by itself");
});
