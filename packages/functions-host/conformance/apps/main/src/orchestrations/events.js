"use strict";

const { describeValue } = require("../../../probe-kit");
const { orchestration, fromNow } = require("./define");

orchestration("Wait", function* (context) {
  return yield context.df.waitForExternalEvent("go");
});

orchestration("WaitDesc", function* (context) {
  return describeValue(yield context.df.waitForExternalEvent("go"));
});

orchestration("Caps", function* (context) {
  return yield context.df.waitForExternalEvent("MyEvent");
});

orchestration("StaleWaiter", function* (context) {
  const stale = context.df.waitForExternalEvent("go");
  yield context.df.Task.any([stale, context.df.createTimer(fromNow(context, 500))]);
  yield context.df.createTimer(fromNow(context, 8000));
  return yield context.df.waitForExternalEvent("go");
});

orchestration("StaleWaiter2", function* (context) {
  const stale = context.df.waitForExternalEvent("go");
  yield context.df.Task.any([stale, context.df.createTimer(fromNow(context, 500))]);
  return yield context.df.waitForExternalEvent("go");
});

orchestration("EvKeep", function* (context) {
  const got = [];
  while (got.length < 3) {
    got.push(yield context.df.waitForExternalEvent("ev"));
    yield context.df.callActivity("Plain", 1);
  }
  return got;
});

orchestration("EvEarly", function* (context) {
  yield context.df.createTimer(fromNow(context, 4000));
  const first = yield context.df.waitForExternalEvent("ev");
  const second = yield context.df.waitForExternalEvent("ev");
  return [first, second];
});

orchestration("TwoWaiters", function* (context) {
  const waiters = [context.df.waitForExternalEvent("ev"), context.df.waitForExternalEvent("ev")];
  return yield context.df.Task.all(waiters);
});

orchestration("TwoWaitersAny", function* (context) {
  const first = context.df.waitForExternalEvent("ev");
  const second = context.df.waitForExternalEvent("ev");
  const winner = yield context.df.Task.any([first, second]);
  return { winner: winner === first ? "first" : "second", v: winner.result };
});

orchestration("EvLat", function* (context) {
  const lags = [];
  const { n } = context.df.getInput();
  while (lags.length < n) {
    const event = yield context.df.waitForExternalEvent("tick");
    lags.push([context.df.currentUtcDateTime.getTime() - event.t]);
    context.df.setCustomStatus({ got: lags.length });
  }
  return lags;
});
