"use strict";

// What is still open when an orchestrator returns, and how long it keeps the instance Running.

const { orchestration, fromNow } = require("./define");

orchestration("Loser", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 15_000));
  yield context.df.Task.any([context.df.callActivity("Plain", 1), timer]);
  return "ret";
});

orchestration("LoserCancel", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 120_000));
  yield context.df.Task.any([context.df.callActivity("Plain", 1), timer]);
  timer.cancel();
  return "ret";
});

orchestration("LoserAct", function* (context) {
  const quick = context.df.callActivity("Plain", 1);
  const slow = context.df.callActivity("Sleep", { ms: 12_000, id: context.df.instanceId });
  yield context.df.Task.any([quick, slow]);
  return "ret";
});

orchestration("LoserFail", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 12_000));
  yield context.df.Task.any([context.df.callActivity("Plain", 1), timer]);
  throw new Error("failing with an open timer");
});

orchestration("LoserEvent", function* (context) {
  const event = context.df.waitForExternalEvent("never");
  yield context.df.Task.any([context.df.callActivity("Plain", 1), event]);
  return "ret";
});

orchestration("NeverYielded", function* (context) {
  context.df.callActivity("Count", { k: `${context.df.instanceId}ny` });
  context.df.createTimer(fromNow(context, 30_000));
  return yield context.df.callActivity("Plain", "p");
});
