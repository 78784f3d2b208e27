"use strict";

// Compound tasks: which of them the SDK and the extension number alike, and which not.

const { orchestration, fromNow } = require("./define");

orchestration("ReuseTimer", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 12_000));
  const first = yield context.df.Task.any([context.df.waitForExternalEvent("go"), timer]);
  const second = yield context.df.Task.any([context.df.waitForExternalEvent("go2"), timer]);
  const x = yield context.df.callActivity("Plain", "after");
  return {
    w1: first === timer ? "timer" : "event",
    w2: second === timer ? "timer" : "event",
    x: x === undefined ? "UNDEFINED" : x,
    at: context.df.currentUtcDateTime.toISOString(),
  };
});

orchestration("ReuseActivity", function* (context) {
  const counted = context.df.callActivity("Count", { k: context.df.instanceId });
  const plain = context.df.callActivity("Plain", "e");
  yield context.df.Task.any([plain, counted]);
  const r = yield context.df.Task.all([plain, counted]);
  const n = yield context.df.callActivity("Plain", "tail");
  return { r, n };
});

orchestration("LongCancel", function* (context) {
  const tenDays = context.df.createTimer(fromNow(context, 10 * 864e5));
  yield context.df.Task.any([context.df.waitForExternalEvent("go"), tenDays]);
  tenDays.cancel();
  yield context.df.createTimer(fromNow(context, context.df.getInput()?.ms || 4 * 864e5));
  const x = yield context.df.callActivity("Plain", "after");
  return { x };
});

orchestration("ReyieldPending", function* (context) {
  const slow = context.df.callActivity("Sleep", { ms: 3000 });
  yield context.df.Task.any([context.df.callActivity("Plain", "e"), slow]);
  const r = yield slow;
  const x = yield context.df.callActivity("Plain", "z");
  return { r, x };
});

orchestration("TimeoutThenLate", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 3000));
  const slow = context.df.callActivity("Sleep", { ms: 8000 });
  const winner = yield context.df.Task.any([slow, timer]);
  const x = yield context.df.callActivity("Plain", "x");
  return { w: winner === timer ? "timeout" : "done", x };
});

orchestration("WinnerPlainCancel", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 60_000));
  const slow = context.df.callActivity("Sleep", { ms: 1000 });
  const winner = yield context.df.Task.any([slow, timer]);
  if (winner === slow) timer.cancel();
  const x = yield context.df.callActivity("Plain", "x");
  return { w: winner === timer ? "timeout" : "done", x };
});

orchestration("DeadlineLoop", function* (context) {
  const endMs = fromNow(context, 20_000).getTime();
  const got = [];
  while (true) {
    const timer = context.df.createTimer(new Date(endMs));
    const tick = context.df.waitForExternalEvent("tick");
    const winner = yield context.df.Task.any([tick, timer]);
    if (winner === timer) return { got, late: context.df.currentUtcDateTime.getTime() - endMs };
    timer.cancel();
    const v = yield winner;
    got.push(v);
    const [echoed] = yield context.df.Task.all([
      context.df.callActivity("Plain", { v }),
      context.df.callActivity("Sleep", { ms: 300 }),
    ]);
    if (echoed.v !== v) throw new Error("corrupt");
  }
});

orchestration("Parallel", function* (context) {
  const naps = context.df.getInput().map((ms, id) => context.df.callActivity("Sleep", { ms, id }));
  return yield context.df.Task.all(naps);
});

// The first episode asks for one thing and every later one for another, as after a deployment.
const episodes = new Map();

function isFirstEpisode(instanceId) {
  const n = (episodes.get(instanceId) ?? 0) + 1;
  episodes.set(instanceId, n);
  return n === 1;
}

orchestration("NonDet", function* (context) {
  const name = isFirstEpisode(context.df.instanceId) ? "Plain" : "Echo";
  yield context.df.callActivity(name, 1);
  yield context.df.createTimer(fromNow(context, 100));
  return "x";
});

orchestration("NonDetKind", function* (context) {
  if (isFirstEpisode(context.df.instanceId)) yield context.df.callActivity("Plain", 1);
  else yield context.df.createTimer(fromNow(context, 1000));
  return "x";
});
