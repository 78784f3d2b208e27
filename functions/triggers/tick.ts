import { app as functions, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { App } from "../app.ts";
import { createTick } from "../keeping/tick.ts";

/** Registers the site's one timer, and the same code behind HTTP for the peers of a site whose timer froze. */
export function registerTick(app: App): void {
  const tick = createTick(app);
  const client = df.input.durableClient();
  functions.timer("tick", {
    schedule: scheduleOf(app.config.tickMs),
    extraInputs: [client],
    handler: async (_timer, context: InvocationContext) => {
      await tick(df.getClient(context));
    },
  });
  functions.http("tickNow", {
    methods: ["POST"],
    route: "tick",
    authLevel: "function",
    extraInputs: [client],
    handler: async (_request, context) => ({
      jsonBody: await tick(df.getClient(context)),
    }),
  });
}

/** NCRONTAB for an interval of whole seconds that divides a minute, or of whole minutes. */
function scheduleOf(tickMs: number): string {
  const seconds = Math.round(tickMs / 1000);
  return seconds < 60 ? `*/${seconds} * * * * *` : `0 */${Math.round(seconds / 60)} * * * *`;
}
