import { app as functions, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { App } from "../app.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { registerHttp } from "../http/register-http.ts";
import { createTick, type TickSummary } from "../keeping/tick.ts";

/** Registers the site's one timer, and the same code behind HTTP for the peers of a site whose timer froze. */
export function registerTick(app: App): void {
  const tick = createTick(app);
  const input = df.input.durableClient();
  const clientOf = createClients(input);
  functions.timer("tick", {
    schedule: scheduleOf(app.config.tickMs),
    extraInputs: [input],
    handler: async (_timer, context: InvocationContext) => {
      const { failed } = await tick(clientOf(context));
      // One line and no exception: what failed is known by its few words, and the next tick does it again.
      if (failed.length > 0) context.error(`The tick failed in part: ${failed.join("; ")}`);
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

/** A client takes longer to make than a healthy tick has use for: one serves while the host gives the same addresses. */
function createClients(
  input: ReturnType<typeof df.input.durableClient>,
): (context: InvocationContext) => df.DurableClient {
  let made: { readonly of: string; readonly client: df.DurableClient } | null = null;
  return (context) => {
    const of = JSON.stringify(context.extraInputs.get(input));
    if (made === null || made.of !== of) made = { of, client: df.getClient(context) };
    return made.client;
  };
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
