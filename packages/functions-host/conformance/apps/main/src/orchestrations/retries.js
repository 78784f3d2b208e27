"use strict";

const df = require("durable-functions");
const { orchestration, fromNow, nowMs, firstLine } = require("./define");

function failing(context, suffix, times) {
  return { k: context.df.instanceId + suffix, times };
}

orchestration("AnyRetryWin", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 60_000));
  const retried = context.df.callActivityWithRetry(
    "Fail",
    new df.RetryOptions(1000, 5),
    failing(context, "w", 1),
  );
  const winner = yield context.df.Task.any([retried, timer]);
  if (winner === retried) timer.cancel();
  const x = yield context.df.callActivity("Plain", "x");
  yield context.df.createTimer(fromNow(context, 1000));
  const y = yield context.df.callActivity("Plain", "y");
  return { w: winner === timer ? "timeout" : "done", x, y };
});

orchestration("AnyRetryWin0", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 60_000));
  const retried = context.df.callActivityWithRetry(
    "Fail",
    new df.RetryOptions(1000, 5),
    failing(context, "w", 0),
  );
  const winner = yield context.df.Task.any([retried, timer]);
  if (winner === retried) timer.cancel();
  const x = yield context.df.callActivity("Plain", "x");
  return { w: winner === timer ? "timeout" : "done", x };
});

orchestration("AllRetryCaught", function* (context) {
  let caught;
  try {
    yield context.df.Task.all([
      context.df.callActivity("Fail", failing(context, "a", 99)),
      context.df.callActivityWithRetry(
        "Fail",
        new df.RetryOptions(1500, 5),
        failing(context, "b", 2),
      ),
    ]);
  } catch (error) {
    caught = firstLine(error);
  }
  const x = yield context.df.callActivity("Plain", "one");
  const y = yield context.df.callActivity("Plain", "two");
  const z = yield context.df.callActivity("Plain", "three");
  return { caught, x, y, z };
});

orchestration("AnyRetryRace", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 4500));
  const retried = context.df.callActivityWithRetry(
    "Fail",
    new df.RetryOptions(3000, 5),
    failing(context, "q", 3),
  );
  const winner = yield context.df.Task.any([retried, timer]);
  const x = yield context.df.callActivity("Plain", "one");
  yield context.df.createTimer(fromNow(context, 15_000));
  const y = yield context.df.callActivity("Plain", "two");
  return { w: winner === timer ? "timer" : "retry", x, y };
});

orchestration("CancelThenRetry", function* (context) {
  const timer = context.df.createTimer(fromNow(context, 20_000));
  const retried = context.df.callActivityWithRetry(
    "Fail",
    new df.RetryOptions(6000, 5),
    failing(context, "r", 2),
  );
  yield context.df.Task.any([context.df.waitForExternalEvent("go"), timer, retried]);
  timer.cancel();
  const x = yield context.df.callActivity("Sleep", { ms: 12_000 });
  const y = yield context.df.callActivity("Plain", "y");
  return { x, y };
});

orchestration("RetryTimeout", function* (context) {
  const options = new df.RetryOptions(2000, 10);
  options.retryTimeoutInMilliseconds = 3000;
  try {
    return yield context.df.callActivityWithRetry("Fail", options, failing(context, "", 99));
  } catch (error) {
    return `caught ${firstLine(error)}`;
  }
});

orchestration("RetryExhaust", function* (context) {
  const startMs = nowMs(context);
  try {
    return yield context.df.callActivityWithRetry(
      "Fail",
      new df.RetryOptions(1000, 3),
      failing(context, "", 99),
    );
  } catch (error) {
    const after = yield context.df.callActivity("Plain", "after");
    return { m: firstLine(error), ms: nowMs(context) - startMs, after };
  }
});

orchestration("RetryBackoff", function* (context) {
  const options = new df.RetryOptions(1000, 4);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = 3000;
  const startMs = nowMs(context);
  const r = yield context.df.callActivityWithRetry("Fail", options, failing(context, "", 3));
  return { r, ms: nowMs(context) - startMs };
});

orchestration("ManualRetry", function* (context) {
  const maxAttempts = 5;
  for (let attempt = 1; ; attempt++) {
    const answer = yield context.df.callActivity("Safe", failing(context, "", 2));
    if (answer.ok || attempt === maxAttempts) return answer;
    yield context.df.createTimer(fromNow(context, 1000 * 2 ** (attempt - 1)));
  }
});
