import { done } from "./answer.ts";
import type { Command } from "./command.ts";
import { renderConfigurationSchema } from "./render-schema.ts";

/** `schema`: what editors need to help with a configuration. */
export const printSchema: Command = {
  words: "schema",
  takes: "",
  says: "the JSON Schema of the configuration",
  options: {},
  operands: 0,
  run: () => done(renderConfigurationSchema()),
};
