"use strict";

const { app } = require("@azure/functions");

app.http("dump", {
  methods: ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"],
  handler: async (request, context) => ({
    jsonBody: {
      fn: context.functionName,
      method: request.method,
      url: request.url,
      params: request.params,
      query: [...request.query.entries()],
      headers: Object.fromEntries(request.headers.entries()),
      bodyNull: request.body === null,
      bodyUsed: request.bodyUsed,
      user: request.user,
      text: await request.text().catch((error) => `ERR ${error.message}`),
    },
  }),
});

app.http("ctxhttp", {
  route: "ctx/{p?}",
  methods: ["GET", "POST"],
  handler: (_request, context) => ({
    jsonBody: {
      keys: Object.keys(context),
      invocationId: context.invocationId,
      functionName: context.functionName,
      triggerMetadata: context.triggerMetadata,
      traceContext: context.traceContext,
      retryContext: context.retryContext ?? null,
      options: context.options,
    },
  }),
});

app.http("late", {
  methods: ["GET"],
  handler: () => {
    try {
      app.http("lateFn", { methods: ["GET"], handler: () => ({ body: "x" }) });
      return { body: "registered" };
    } catch (error) {
      return { body: `ERR ${error.message}` };
    }
  },
});

app.http("loglevels", {
  methods: ["GET"],
  handler: (_request, context) => {
    context.log("L log");
    context.trace("L trace");
    context.debug("L debug");
    context.info("L info");
    context.warn("L warn");
    context.error("L error");
    context.log({ a: 1 }, "x %s", 5);
    return { body: "ok" };
  },
});

// What the process says of itself; settings that look like secrets stay out.
const TOLD = /FUNCTION|WEBSITE|AzureWebJobs|ASPNET|HOST|LANG|TZ|NODE/i;
const KEPT_BACK = /KEY|SECRET|TOKEN|CONNECTION/i;

app.http("env", {
  methods: ["GET"],
  handler: () => ({
    jsonBody: {
      node: process.version,
      pid: process.pid,
      cwd: process.cwd(),
      argv: process.argv,
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => TOLD.test(name) && !KEPT_BACK.test(name)),
      ),
    },
  }),
});
