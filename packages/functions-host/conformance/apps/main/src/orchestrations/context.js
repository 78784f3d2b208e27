"use strict";

const { orchestration } = require("./define");

orchestration("Guid", function* (context) {
  const before = [context.df.newGuid("k"), context.df.newGuid("k")];
  yield context.df.callActivity("Plain", 1);
  return [...before, context.df.newGuid("k")];
});

orchestration("Custom", function* (context) {
  const { n } = context.df.getInput();
  context.df.setCustomStatus(n === "falsy" ? 0 : "x".repeat(n));
  yield context.df.callActivity("Plain", 1);
  return "done";
});

orchestration("CustomSteps", function* (context) {
  context.df.setCustomStatus({ step: 1 });
  yield context.df.waitForExternalEvent("go");
  context.df.setCustomStatus({ step: 2 });
  return "done";
});

orchestration("EmptyId", function* (context) {
  return context.df.instanceId;
});

orchestration("HttpCall", function* (context) {
  const input = context.df.getInput();
  const response = yield context.df.callHttp({
    method: input.method || "GET",
    url: input.url,
    headers: input.headers,
    ...(input.body !== undefined && { body: input.body }),
    ...(input.noAsync && { enablePolling: false }),
  });
  return {
    s: response.statusCode,
    c: response.content,
    h: response.headers,
    ctor: response.constructor.name,
  };
});

function shortened(metadata) {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === "string" ? value.slice(0, 2500) : value,
    ]),
  );
}

orchestration("CtxDump", function* (context) {
  const before = {
    keys: Object.keys(context),
    invocationId: context.invocationId,
    functionName: context.functionName,
    triggerMetadata: context.triggerMetadata
      ? shortened(context.triggerMetadata)
      : context.triggerMetadata,
    traceContext: context.traceContext,
    retryContext: context.retryContext ?? null,
    version: context.df.version,
    isReplaying: context.df.isReplaying,
    parent: context.df.parentInstanceId ?? null,
    optionsTrigger: context.options?.trigger,
    now: context.df.currentUtcDateTime.toISOString(),
  };
  const activity = yield context.df.callActivity("Ctx", { x: 1 });
  return { o: before, a: activity, replayFlagAfter: context.df.isReplaying };
});
