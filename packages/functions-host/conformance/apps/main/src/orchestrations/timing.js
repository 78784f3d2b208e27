"use strict";

const { orchestration, fromNow, nowMs } = require("./define");

orchestration("Sleeper", function* (context) {
  yield context.df.createTimer(fromNow(context, context.df.getInput()?.ms || 5000));
  return "slept";
});

orchestration("LongTimer", function* (context) {
  const startMs = nowMs(context);
  yield context.df.createTimer(fromNow(context, 20 * 864e5));
  return (nowMs(context) - startMs) / 864e5;
});

orchestration("PastTimer", function* (context) {
  const startMs = nowMs(context);
  yield context.df.createTimer(new Date(startMs - 60_000));
  const middleMs = nowMs(context);
  yield context.df.createTimer(new Date(startMs));
  return { firstMs: middleMs - startMs, secondMs: nowMs(context) - middleMs };
});

orchestration("Timers", function* (context) {
  const { n, ms } = context.df.getInput();
  const lateness = [];
  while (lateness.length < n) {
    const fireAt = fromNow(context, ms);
    yield context.df.createTimer(fireAt);
    lateness.push(nowMs(context) - fireAt.getTime());
  }
  return lateness;
});

orchestration("Acts", function* (context) {
  const { n } = context.df.getInput();
  const roundTrips = [];
  let previousMs = nowMs(context);
  while (roundTrips.length < n) {
    yield context.df.callActivity("Plain", roundTrips.length);
    roundTrips.push(nowMs(context) - previousMs);
    previousMs = nowMs(context);
  }
  return roundTrips;
});

orchestration("Fan", function* (context) {
  const startMs = nowMs(context);
  const tasks = Array.from({ length: context.df.getInput().n }, (_, k) =>
    context.df.callActivity("Plain", k),
  );
  yield context.df.Task.all(tasks);
  return nowMs(context) - startMs;
});

orchestration("Incident", function* (context) {
  const startMs = nowMs(context);
  for (let k = 0; k < 10; k++) {
    yield context.df.callActivity("Plain", { k });
    yield context.df.Task.all([
      context.df.callActivity("Plain", { a: k }),
      context.df.callActivity("Plain", { b: k }),
    ]);
    yield context.df.createTimer(fromNow(context, 1000));
  }
  context.df.setCustomStatus({ waiting: true });
  const e = yield context.df.waitForExternalEvent("approve");
  return { ms: nowMs(context) - startMs, e };
});
