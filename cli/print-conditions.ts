import { type Answer, done } from "./answer.ts";
import type { Command } from "./command.ts";
import { renderConditions } from "./render-conditions.ts";

/** `conditions`: what lasts, when people are told of it, and what to do. */
export const printConditions: Command = {
  words: "conditions",
  takes: "[--markdown]",
  says: "what people are told when it lasts, and what to do about it",
  options: { markdown: { type: "boolean" } },
  operands: 0,
  run: ({ options }): Answer =>
    done(renderConditions(options.markdown === true ? "markdown" : "text")),
};
