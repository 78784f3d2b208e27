"use strict";

const { app } = require("@azure/functions");
const df = require("durable-functions");
const { describeError, log, registerClientFunction, sleep, spin } = require("../../probe-kit");

registerClientFunction();

df.app.activity("Sleep", {
  handler: async ({ ms, id }, context) => {
    log({ ev: "start", id, inv: context.invocationId });
    await sleep(ms);
    log({ ev: "end", id, inv: context.invocationId });
    return ms;
  },
});

df.app.activity("Spin", {
  handler: ({ ms, id }) => {
    log({ ev: "spin", id });
    spin(ms);
    log({ ev: "spinend", id });
    return 1;
  },
});

df.app.orchestration("Long", function* (context) {
  const { act = "Sleep", ms } = context.df.getInput();
  try {
    return { ok: yield context.df.callActivity(act, { ms, id: context.df.instanceId }) };
  } catch (error) {
    return { caught: describeError(error) };
  }
});

df.app.orchestration("Spinner", function* (context) {
  log({ ev: "orch-run" });
  spin(context.df.getInput()?.ms ?? 0);
  return 1;
});

app.http("slow", {
  methods: ["GET"],
  handler: async (request) => {
    const ms = Number(request.query.get("ms") || 1000);
    log({ ev: "http-start", ms });
    await sleep(ms);
    log({ ev: "http-end", ms });
    return { body: `slow done ${process.pid}` };
  },
});

app.http("pid", { methods: ["GET"], handler: () => ({ body: String(process.pid) }) });

app.timer("late", {
  schedule: "*/30 * * * * *",
  handler: async () => {
    log({ ev: "timer-start" });
    await sleep(14_000);
    log({ ev: "timer-end" });
  },
});

log({ ev: "load" });
