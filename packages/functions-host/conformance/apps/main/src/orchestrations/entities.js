"use strict";

const df = require("durable-functions");
const { describeError } = require("../../../probe-kit");
const { orchestration, fromNow } = require("./define");

orchestration("EntityOps", function* (context) {
  const counter = new df.EntityId("Ctr", context.df.instanceId);
  context.df.signalEntity(counter, "add", 7);
  return {
    add: yield context.df.callEntity(counter, "add", 35),
    get: yield context.df.callEntity(counter, "get"),
  };
});

orchestration("EntityErr", function* (context) {
  const counter = new df.EntityId("Ctr", `${context.df.instanceId}e`);
  const seen = {};
  for (const operation of ["fail", "failString", "failType"]) {
    try {
      yield context.df.callEntity(counter, operation);
    } catch (error) {
      seen[operation] = describeError(error);
    }
  }
  return seen;
});

orchestration("EntityOrder", function* (context) {
  const list = new df.EntityId("Lst", context.df.instanceId);
  for (let k = 0; k < 20; k++) context.df.signalEntity(list, "push", k);
  return yield context.df.callEntity(list, "get");
});

orchestration("EntityDel", function* (context) {
  const counter = new df.EntityId("Ctr", context.df.instanceId);
  const before = yield context.df.callEntity(counter, "add", 1);
  yield context.df.callEntity(counter, "del");
  return [before, yield context.df.callEntity(counter, "get")];
});

orchestration("Lock", function* (context) {
  const counter = new df.EntityId("Ctr", `shared${context.df.getInput()?.k || ""}`);
  const lock = yield context.df.lock(counter);
  const value = yield context.df.callEntity(counter, "get");
  yield context.df.createTimer(fromNow(context, 500));
  yield context.df.callEntity(counter, "add", 1);
  lock.release();
  return value;
});

orchestration("LockTwo", function* (context) {
  const first = new df.EntityId("Ctr", "la");
  const lock = yield context.df.lock(first, new df.EntityId("Ctr", "lb"));
  const state = JSON.parse(JSON.stringify(context.df.isLocked()));
  yield context.df.callEntity(first, "add", 1);
  lock.release();
  return { s: state };
});
