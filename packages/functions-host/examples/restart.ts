// An orchestration waits an hour; the machine goes in the middle of it; another host takes over from what was stored.

import { app } from "@azure/functions";
import * as df from "durable-functions";
import { startHost } from "functions-host";
import { VirtualClock } from "functions-host/clock";
import type { HostOptions } from "functions-host/host-options";

/** What the main module of an app does. */
function register(): void {
  df.app.orchestration("patience", function* (context) {
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
    return yield context.df.callActivity("greet", "world");
  });
  df.app.activity("greet", { handler: (name: string) => `hello, ${name}` });
  app.http("start", {
    methods: ["POST"],
    authLevel: "anonymous",
    extraInputs: [df.input.durableClient()],
    handler: async (_request, context) => {
      const instanceId = await df.getClient(context).startNew("patience");
      return { status: 202, jsonBody: { instanceId } };
    },
  });
}

const clock = new VirtualClock(Date.UTC(2026, 0, 1));
const options: HostOptions = {
  name: "local",
  app: { kind: "registered", register },
  hostJson: {},
  clock,
  seed: 42,
};

const first = await startHost(options);
const answer = first.fetch({ method: "POST", url: "/api/start" }); // comes when the clock has run
await clock.runUntil(Date.UTC(2026, 0, 1, 0, 30));
console.log((await answer).status, first.instances()[0]?.status);
first.kill();

const second = await startHost({ ...options, store: first.store });
await clock.runUntil(() => second.instances()[0]?.status === "Completed");
console.log(second.instances()[0]?.output, new Date(clock.now()).toISOString());
second.kill();
