import { type Answer, done } from "./answer.ts";
import type { Command } from "./command.ts";
import { renderRules } from "./render-rules.ts";

/** `rules`: every decision table. */
export const printRules: Command = {
  words: "rules",
  takes: "[--markdown]",
  says: "every decision table, from the rows that decide",
  options: { markdown: { type: "boolean" } },
  operands: 0,
  run: ({ options }): Answer => done(renderRules(options.markdown === true ? "markdown" : "text")),
};
