"use strict";

const df = require("durable-functions");
const { describeValue, sleep } = require("../../probe-kit");

const COUNTER = {
  add: (context, state) => {
    const sum = state + context.df.getInput();
    context.df.setState(sum);
    context.df.return(sum);
  },
  fail: (context, state) => {
    context.df.setState(state + 1000);
    throw new Error("entity says no");
  },
  failString: () => {
    throw "entity says no";
  },
  failType: () => {
    throw new TypeError("entity type no");
  },
  desc: (context) => context.df.return(describeValue(context.df.getInput())),
  del: (context) => context.df.destructOnExit(),
  undef: (context) => context.df.setState(undefined),
  setf: (context) => context.df.setState(context.df.getInput()),
};

df.app.entity("Ctr", (context) => {
  const state = context.df.getState(() => 0);
  const operation = COUNTER[context.df.operationName] ?? (() => context.df.return(state));
  operation(context, state);
});

df.app.entity("Lst", (context) => {
  const list = context.df.getState(() => []);
  if (context.df.operationName !== "push") return context.df.return(list);
  list.push(context.df.getInput());
  context.df.setState(list);
});

df.app.entity("Async", async (context) => {
  const list = context.df.getState(() => []);
  await sleep(200);
  list.push(context.df.getInput());
  context.df.setState(list);
});
