import { app as functions, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { App } from "../app.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { registerHttp } from "../http/register-http.ts";
import { createTick, type TickSummary } from "../keeping/tick.ts";

/** Registers the site's one timer, and the same code behind HTTP for the peers of a site whose timer froze. */
export function registerTick(app: App): void {
  const tick = createTick(app);
  functions.timer("tick", {
    schedule: scheduleOf(app.config.tickMs),
    extraInputs: [df.input.durableClient()],
    handler: async (_timer, context: InvocationContext) => {
      await tick(df.getClient(context));
    },
  });
  const tickOnce = createFlight(app, tick);
  registerHttp(app, {
    name: "http-tick-now",
    method: "POST",
    route: "tick",
    answer: async ({ client }) => jsonAnswer(200, { ...(await tickOnce(client)) }),
  });
}

/**
 * Who calls while a called tick is under way is answered with what that one comes to: all peers call a quiet
 * site at once, and ticks side by side would only be in each other's way. One as old as a tick is left alone.
 */
function createFlight(
  { ports, config }: App,
  tick: (client: df.DurableClient) => Promise<TickSummary>,
): (client: df.DurableClient) => Promise<TickSummary> {
  let flight: { readonly startedAt: number; readonly done: Promise<TickSummary> } | null = null;
  return (client) => {
    const now = ports.clock.now();
    const ageMs = flight === null ? null : now - flight.startedAt;
    if (flight !== null && ageMs !== null && ageMs >= 0 && ageMs < config.tickMs)
      return flight.done;
    const own = { startedAt: now, done: tick(client) };
    flight = own;
    const land = (): void => {
      if (flight === own) flight = null;
    };
    own.done.then(land, land);
    return own.done;
  };
}

/** NCRONTAB for an interval of whole seconds that divides a minute, or of whole minutes. */
function scheduleOf(tickMs: number): string {
  const seconds = Math.round(tickMs / 1000);
  return seconds < 60 ? `*/${seconds} * * * * *` : `0 */${Math.round(seconds / 60)} * * * *`;
}
