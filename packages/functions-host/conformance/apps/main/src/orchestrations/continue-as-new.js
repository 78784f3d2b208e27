"use strict";

const { describeValue } = require("../../../probe-kit");
const { orchestration, fromNow } = require("./define");

/** Collects three events, one a round; `between` is what a round does before it starts anew. */
function collectThree(between) {
  return function* (context) {
    const input = context.df.getInput() || { got: [] };
    input.got.push(yield context.df.waitForExternalEvent("ev"));
    if (input.got.length >= 3) return input;
    yield* between(context);
    context.df.continueAsNew(input);
  };
}

orchestration(
  "EvLoss",
  collectThree(function* (context) {
    yield context.df.callActivity("Plain", 1);
  }),
);

orchestration(
  "EvLossSlow",
  collectThree(function* (context) {
    yield context.df.callActivity("Sleep", { ms: 3000 });
  }),
);

orchestration(
  "EvDirect",
  collectThree(function* () {}),
);

orchestration("CanString", function* (context) {
  const input = context.df.getInput();
  if (input !== "first") return { got: input };
  yield context.df.callActivity("Plain", 1);
  context.df.continueAsNew("second");
});

const SPELLED = { U: undefined, F: false, N: null };

orchestration("CanVal", function* (context) {
  const input = context.df.getInput();
  if (!input || input.to === undefined) {
    return { got: describeValue(input), id: context.df.instanceId };
  }
  context.df.setCustomStatus({ s: "before-can" });
  context.df.continueAsNew(input.to in SPELLED ? SPELLED[input.to] : input.to);
  return "ignored-return";
});

orchestration("CanOpenTimer", function* (context) {
  const input = context.df.getInput() || { n: 0 };
  if (input.n >= 1) return { i: input, at: context.df.currentUtcDateTime.toISOString() };
  const timer = context.df.createTimer(fromNow(context, 10_000));
  yield context.df.Task.any([context.df.callActivity("Plain", 1), timer]);
  context.df.continueAsNew({ n: input.n + 1, from: context.df.currentUtcDateTime.toISOString() });
});

orchestration("CanLoop", function* (context) {
  const input = context.df.getInput() || { n: 0 };
  if (input.n >= (input.max || 5)) return input;
  yield context.df.callActivity("Plain", input.n);
  context.df.continueAsNew({ ...input, n: input.n + 1 });
});
