"use strict";

const df = require("durable-functions");
const { clientArgument } = require("./client-arguments");
const { describeError } = require("./describe");

/** Registers `POST /api/client {m, a}`: calls method m of the durable client and answers what came of it. */
function registerClientFunction(describeResult) {
  df.app.client.http("client", {
    route: "client",
    methods: ["POST"],
    handler: async (request, client) => {
      const { m, a = [] } = await request.json();
      try {
        const result = await client[m](...clientArgument(a));
        const r = result === undefined ? "<undefined>" : result;
        return { jsonBody: { ok: true, r, ...describeResult?.(result) } };
      } catch (error) {
        return { jsonBody: { ok: false, err: describeError(error) } };
      }
    },
  });
}

/** Tells apart the classes and keys of what a client method returned. */
function describeClientResult(result) {
  if (result === undefined) return {};
  const isObject = typeof result === "object" && result !== null;
  return {
    hasHistory: isObject ? result.history !== undefined : undefined,
    ctor: result?.constructor?.name,
    keys: isObject ? Object.keys(result) : undefined,
  };
}

module.exports = { registerClientFunction, describeClientResult };
