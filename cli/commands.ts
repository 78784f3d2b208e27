import { advise } from "./advise.ts";
import { checkConfig } from "./check-config.ts";
import { checkGroup } from "./check-group.ts";
import type { Command } from "./command.ts";
import { explain } from "./explain.ts";
import { initConfig } from "./init-config.ts";
import { judge } from "./judge.ts";
import { printConditions } from "./print-conditions.ts";
import { printRules } from "./print-rules.ts";
import { printSchema } from "./print-schema.ts";
import { replay } from "./replay.ts";
import { why } from "./why.ts";

/** Every command, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  printRules,
  printConditions,
  printSchema,
  checkConfig,
  replay,
  explain,
  why,
  advise,
  checkGroup,
  initConfig,
  judge,
];
