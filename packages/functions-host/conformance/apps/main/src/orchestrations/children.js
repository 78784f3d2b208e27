"use strict";

const df = require("durable-functions");
const { describeError } = require("../../../probe-kit");
const { orchestration, fromNow } = require("./define");

orchestration("ChildFail", function* () {
  throw new Error("child failed");
});

orchestration("ChildFailAct", function* (context) {
  yield context.df.callActivity("ThrowOdd", { k: "plain" });
});

orchestration("SubErr", function* (context) {
  const seen = {};
  for (const name of ["ChildFail", "ChildFailAct"]) {
    try {
      yield context.df.callSubOrchestrator(name, { a: 1 });
    } catch (error) {
      seen[name] = describeError(error);
    }
  }
  return seen;
});

orchestration("SubErrUncaught", function* (context) {
  yield context.df.callSubOrchestrator("ChildFail", {});
});

orchestration("SubRetry", function* (context) {
  try {
    return yield context.df.callSubOrchestratorWithRetry(
      "ChildFail",
      new df.RetryOptions(1000, 2),
      {},
    );
  } catch (error) {
    return describeError(error);
  }
});

orchestration("SubTermParent", function* (context) {
  try {
    return { ok: yield context.df.callSubOrchestrator("Wait", {}, context.df.getInput().child) };
  } catch (error) {
    return describeError(error);
  }
});

orchestration("SubDup", function* (context) {
  const { child } = context.df.getInput();
  const results = [];
  for (let round = 0; round < 2; round++)
    results.push(yield context.df.callSubOrchestrator("Guid", {}, child));
  return results.length;
});

orchestration("SubBusy", function* (context) {
  try {
    return { ok: yield context.df.callSubOrchestrator("Guid", {}, context.df.getInput().child) };
  } catch (error) {
    return describeError(error);
  }
});

orchestration("SubDetached", function* (context) {
  const child = context.df.callSubOrchestrator(
    "Sleeper",
    { ms: 8000 },
    `${context.df.instanceId}-c`,
  );
  yield context.df.Task.any([child, context.df.createTimer(fromNow(context, 1000))]);
  return "parent done";
});

orchestration("CtxChild", function* (context) {
  return { parent: context.df.parentInstanceId, id: context.df.instanceId };
});

orchestration("CtxParent", function* (context) {
  return {
    me: context.df.instanceId,
    a: yield context.df.callSubOrchestrator("CtxChild", {}),
    b: yield context.df.callSubOrchestrator("CtxChild", {}, `${context.df.instanceId}-kid`),
  };
});
