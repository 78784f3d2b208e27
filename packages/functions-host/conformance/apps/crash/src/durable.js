"use strict";

const { existsSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const df = require("durable-functions");
const { describeError, log, registerClientFunction, sleep } = require("../../probe-kit");

registerClientFunction();

/** True the first time it is asked about `id`; a file beside the log remembers, for the process that asks dies. */
function isFirstRun(id) {
  const flag = path.join(path.dirname(process.env.PROBE_LOG), `flag-${id}`);
  if (existsSync(flag)) return false;
  writeFileSync(flag, "");
  return true;
}

df.app.activity("ExitOnce", {
  handler: async ({ id }, context) => {
    log({ ev: "ExitOnce", id, inv: context.invocationId });
    if (!isFirstRun(`exit-${id}`)) return "second run ok";
    await sleep(200);
    process.exit(1);
  },
});

df.app.activity("ExitAlways", {
  handler: async ({ id }, context) => {
    log({ ev: "ExitAlways", id, inv: context.invocationId });
    await sleep(100);
    process.exit(1);
  },
});

df.app.activity("Sleep", {
  handler: async ({ ms, id }, context) => {
    log({ ev: "start", id, inv: context.invocationId });
    await sleep(ms);
    log({ ev: "end", id, inv: context.invocationId });
    return ms;
  },
});

df.app.activity("Plain", { handler: (input) => input });

df.app.orchestration("One", function* (context) {
  const input = context.df.getInput();
  const id = context.df.instanceId;
  log({ ev: "orch", id, replay: context.df.isReplaying });
  try {
    return { ok: yield context.df.callActivity(input.act, { ...input, id }) };
  } catch (error) {
    return { caught: describeError(error) };
  }
});

df.app.orchestration("OrchExit", function* (context) {
  const id = context.df.instanceId;
  log({ ev: "orchexit", id });
  if (isFirstRun(`oexit-${id}`)) process.exit(1);
  return yield context.df.callActivity("Plain", 1);
});
