import type { Host } from "functions-host/host-options";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  roleChanges,
  type Simulation,
  START,
  simulate,
} from "./simulated-sites.ts";
import { claimIn, failbackIn, failoverReceiptsIn, incidentIn } from "./stored.ts";

/** One activity of the main incident, as an undisturbed run has it. Times count from the start. */
export interface Step {
  /** The activity's name, and which of its runs this was. */
  readonly name: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** An undisturbed loss of the primary's region: every activity in order. The same seed repeats it to the millisecond. */
export async function undisturbedSteps(): Promise<readonly Step[]> {
  const sim = await simulate({ faults: [regionLost()] });
  const done = await sim.runUntil(() => ended(sim), 10 * MINUTE);
  if (!done) throw new Error("Cannot tell the steps: the undisturbed incident did not end");
  const steps = sim.sites.all.flatMap(stepsOf);
  sim.sites.stop();
  return steps;
}

function stepsOf(host: Host): readonly Step[] {
  const seen = new Map<string, number>();
  return [...host.store.instances.values()].flatMap(({ history }) =>
    history.flatMap((scheduled) => {
      if (scheduled.kind !== "task-scheduled") return [];
      const end = history.find(
        (event) => event.kind === "task-completed" && event.taskId === scheduled.eventId,
      );
      const nth = (seen.get(scheduled.name) ?? 0) + 1;
      seen.set(scheduled.name, nth);
      const startedMs = scheduled.at - START;
      return [
        { name: `${scheduled.name} ${nth}`, startedMs, endedMs: (end?.at ?? scheduled.at) - START },
      ];
    }),
  );
}

export function ended(sim: Simulation): boolean {
  return (incidentIn(sim.world)?.closedAt ?? null) !== null;
}

/** All that must be true however an incident got there. */
export const FAILED_OVER_ONCE = {
  end: "failed-over",
  accepted: 1,
  moves: [{ by: "us", to: "partner" }],
  claim: "moved",
  receipts: 1,
  failback: "waiting",
};

export function outcomeOf({ world }: Simulation): typeof FAILED_OVER_ONCE {
  return {
    end: incidentIn(world)?.end ?? "open",
    accepted: acceptedPosts(world).length,
    moves: roleChanges(world).map(({ by, to }) => ({ by, to })),
    claim: claimIn(world)?.spentBecause ?? "not-spent",
    receipts: failoverReceiptsIn(world).length,
    failback: failbackIn(world)?.state ?? "none",
  };
}

/** The first run of every activity. */
export function firsts(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ name }) => name.endsWith(" 1"));
}

/** The first and the last run of every activity. */
export function firstAndLast(steps: readonly Step[]): readonly Step[] {
  const activityOf = ({ name }: Step): string | undefined => name.split(" ")[0];
  const lasts = new Map(steps.map((step) => [activityOf(step), step]));
  return steps.filter((step) => step.name.endsWith(" 1") || lasts.get(activityOf(step)) === step);
}

/** The instant in the middle of an activity, and the one at which its result is on its way to the motor. */
export function midway({ startedMs, endedMs }: Step): number {
  return Math.floor((startedMs + endedMs) / 2);
}

export function justAfter({ endedMs }: Step): number {
  return endedMs + 3;
}
