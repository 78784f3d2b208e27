// The monitor that Durable Functions' documentation describes: an eternal orchestration per group that
// looks, waits and continues as new. Written to be as frugal as that pattern can be; it is no product.

import * as df from "durable-functions";
import * as z from "zod";

const NAMES = { monitor: "Monitor", look: "MonitorLook", act: "MonitorAct", poll: "MonitorPoll" };

const TICK_MS = 15_000;
const INTERVAL_MS = 10_000;

const State = z.object({
  group: z.string(),
  graceMs: z.number(),
  downSinceAt: z.number().nullable(),
});
type State = z.infer<typeof State>;

/** What the monitor needs of the world. */
export interface Watched {
  isDown(group: string): Promise<boolean>;
  failOver(group: string): Promise<void>;
  hasMoved(group: string): Promise<boolean>;
}

/** Registers the monitor with the host that is starting. */
export function registerMonitor(world: Watched): void {
  const activity = (name: string, run: (group: string) => Promise<unknown>): void => {
    df.app.activity(name, { handler: async (input: unknown) => run(State.parse(input).group) });
  };
  activity(NAMES.look, (group) => world.isDown(group));
  activity(NAMES.act, (group) => world.failOver(group));
  activity(NAMES.poll, (group) => world.hasMoved(group));
  df.app.orchestration(NAMES.monitor, watch as df.OrchestrationHandler);
}

/** Where a start of the monitor is posted. */
export function startUrl(group: string): string {
  return `/runtime/webhooks/durabletask/orchestrators/${NAMES.monitor}/monitor-${group}`;
}

function* watch(context: df.OrchestrationContext): Generator<df.Task, void, unknown> {
  const state = State.parse(context.df.getInput());
  const down = (yield context.df.callActivity(NAMES.look, state)) === true;
  const now = context.df.currentUtcDateTime.getTime();
  const downSinceAt = down ? (state.downSinceAt ?? now) : null;
  if (downSinceAt !== null && now - downSinceAt >= state.graceMs) {
    yield* act(context, state);
    context.df.continueAsNew({ ...state, downSinceAt: null } satisfies State);
    return;
  }
  yield* wait(context, down ? INTERVAL_MS : TICK_MS);
  context.df.continueAsNew({ ...state, downSinceAt } satisfies State);
}

function* act(context: df.OrchestrationContext, state: State): Generator<df.Task, void, unknown> {
  yield context.df.callActivity(NAMES.act, state);
  do yield* wait(context, INTERVAL_MS);
  while ((yield context.df.callActivity(NAMES.poll, state)) !== true);
}

function* wait(context: df.OrchestrationContext, ms: number): Generator<df.Task, void, unknown> {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + ms));
}
