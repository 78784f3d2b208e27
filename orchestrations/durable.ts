import type { OrchestrationContext, Task } from "durable-functions";
import type { Activity } from "./contracts.ts";

/** Timers under this are unreliable: the host cuts them to whole seconds and fires them early. */
const SHORTEST_TIMER_MS = 2_000;

/** An activity is lost with its worker; that is worth two more tries, not a dead motor. */
const TRIES = 3;

export type Steps<T> = Generator<Task, T, unknown>;

/** Calls an activity and checks its answer. Use with `yield*`, so that the result keeps its type. */
export function* run<I, O>(
  context: OrchestrationContext,
  activity: Activity<I, O>,
  input: I,
): Steps<O> {
  return activity.output.parse(yield* answered(context, activity.name, input));
}

function* answered(context: OrchestrationContext, name: string, input: unknown): Steps<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return yield context.df.callActivity(name, input);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
    yield* sleep(context, SHORTEST_TIMER_MS);
  }
}

/** Waits; the host may cut up to a second off, or add some when the app is idle. */
export function* sleep(context: OrchestrationContext, ms: number): Steps<void> {
  const fireAt = context.df.currentUtcDateTime.getTime() + Math.max(ms, SHORTEST_TIMER_MS);
  yield context.df.createTimer(new Date(fireAt));
}
