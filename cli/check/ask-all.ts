import { within } from "../../functions/deadline.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { type Finding, type Question, type Said, unknown } from "./finding.ts";

const QUESTION_MS = 20_000;
export const OVERALL_MS = 30_000;

/**
 * Asks everything side by side. Each question has its own deadline, and none outlives that of them
 * all; what failed or came too late is unknown.
 */
export function askAll(clock: Clock, questions: readonly Question[]): Promise<readonly Finding[]> {
  return Promise.all(
    questions.map(async ({ check, subject, ask, withinMs = QUESTION_MS }) => {
      const ms = Math.min(withinMs, OVERALL_MS);
      const said = await within<Said>(clock, ms, begun(ask), (because) =>
        unknown(
          `could not be checked: ${because}`,
          "run it again; if it stays, say so in an issue",
        ),
      );
      return { check, subject, ...said };
    }),
  );
}

/** What throws before it waits has failed like everything else. */
async function begun(ask: () => Promise<Said>): Promise<Said> {
  return ask();
}
