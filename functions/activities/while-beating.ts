import type { Work } from "../../orchestrations/contracts.ts";
import { createDeadline } from "../../shared/ports/deadline.ts";
import type { App } from "../app.ts";
import { grip } from "../keeping/motor.ts";

/** With the store's own deadlines for the sign itself well below what makes a motor look dead. */
const BEAT_MS = 18_000;
/** Every call in a step has a deadline: what lasts for minutes all the same may as well be dead. */
const BEATS_MAX = 10;

/** Waits for a step of a motor, and shows signs of life meanwhile: whoever is slow is not replaced. */
export async function whileBeating<T>(app: App, work: Work, step: Promise<T>): Promise<T> {
  for (let beats = 0; beats < BEATS_MAX; beats++) {
    const deadline = createDeadline(app.ports.clock, BEAT_MS);
    const end = await deadline
      .race(step.then((value) => ({ value })))
      .finally(() => deadline.end());
    if (end !== "late") return end.value;
    // Without its store nobody can replace it either, and the step finds out for itself.
    await grip(app, work).catch(() => null);
  }
  return step;
}
