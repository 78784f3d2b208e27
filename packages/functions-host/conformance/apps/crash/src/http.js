"use strict";

const { app } = require("@azure/functions");
const { log, sleep } = require("../../probe-kit");

function get(name, handler) {
  app.http(name, { methods: ["GET"], handler });
}

get("pid", () => ({ body: String(process.pid) }));

get("slow", async (request) => {
  await sleep(Number(request.query.get("ms") || 1000));
  return { body: `slow done ${process.pid}` };
});

get("exit", () => process.exit(1));

get("reject", () => {
  setTimeout(() => {
    Promise.reject(new Error("unhandled outside"));
  }, 200);
  return { body: `will reject ${process.pid}` };
});

get("throwlater", () => {
  setTimeout(() => {
    throw new Error("thrown outside");
  }, 200);
  return { body: `will throw ${process.pid}` };
});

app.timer("tick", {
  schedule: "0 * * * * *",
  handler: (timer, context) => log({ ev: "tick", timer, inv: context.invocationId }),
});
