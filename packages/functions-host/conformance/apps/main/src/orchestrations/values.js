"use strict";

const { describeValue } = require("../../../probe-kit");
const { orchestration } = require("./define");

const ACTIVITY_RESULTS = [
  "undef",
  "nul",
  "num",
  "zero",
  "tru",
  "fal",
  "empty",
  "str",
  "strnum",
  "strjson",
  "strbool",
  "arr",
  "date",
  "nan",
  "obj",
  "big",
  "neg",
  "buf",
  "big64",
  "f",
];

const OUTPUTS = {
  undef: undefined,
  nul: null,
  tru: true,
  fal: false,
  zero: 0,
  str: "abc",
  strjson: '{"a":1}',
  empty: "",
  arr: [1],
  date: new Date(0),
};

orchestration("InputEcho", function* (context) {
  return describeValue(context.df.getInput());
});

orchestration("InputTrig", function* (context) {
  const input = context.df.getInput();
  return {
    d: describeValue(input),
    nested: input?.a ? describeValue(input.a) : null,
    when: input ? typeof input.when : null,
  };
});

orchestration("ActInputs", function* (context) {
  const results = [];
  for (const value of context.df.getInput().list)
    results.push(yield context.df.callActivity("Echo", value));
  results.push(yield context.df.callActivity("Echo"));
  return results;
});

orchestration("Returns", function* (context) {
  const results = {};
  for (const k of ACTIVITY_RESULTS)
    results[k] = describeValue(yield context.df.callActivity("Ret", { k }));
  return results;
});

orchestration("SubInputs", function* (context) {
  const results = [];
  for (const value of context.df.getInput().list) {
    results.push(yield context.df.callSubOrchestrator("InputEcho", value));
  }
  results.push(yield context.df.callSubOrchestrator("InputEcho"));
  return results;
});

orchestration("OrchRet", function* (context) {
  return OUTPUTS[context.df.getInput().k];
});

orchestration("SubRets", function* (context) {
  const results = {};
  for (const k of [
    "undef",
    "nul",
    "tru",
    "fal",
    "zero",
    "str",
    "strjson",
    "empty",
    "arr",
    "date",
  ]) {
    results[k] = describeValue(yield context.df.callSubOrchestrator("OrchRet", { k }));
  }
  return results;
});

orchestration("BigOut", function* (context) {
  return "x".repeat(context.df.getInput().n);
});

orchestration("BigAct", function* (context) {
  const result = yield context.df.callActivity("Plain", "y".repeat(context.df.getInput().n));
  return result.length;
});
