import { parseArgs } from "node:util";
import { nearest } from "../shared/text/nearest.ts";
import { type Answer, done, misused } from "./answer.ts";
import type { Command, Given, Terminal } from "./command.ts";
import { COMMANDS } from "./commands.ts";

/** Finds the command that the arguments name, and runs it. */
export async function runCommand(
  args: readonly string[],
  env: Given["env"],
  terminal: Terminal = { colour: false, aside: null },
): Promise<Answer> {
  const [first] = args;
  if (first === undefined) return misused("No command was given", usage());
  if (first === "--help" || first === "-h" || first === "help") return done(usage());
  const command = COMMANDS.find(({ words }) => startsWith(args, words.split(" ")));
  if (command === undefined) return unknown(args);
  const rest = args.slice(command.words.split(" ").length);
  if (rest.includes("--help")) return done(helpOf(command));
  return runWith(command, rest, { env, terminal });
}

async function runWith(
  command: Command,
  rest: readonly string[],
  around: Pick<Given, "env" | "terminal">,
): Promise<Answer> {
  const parsed = parse(command, rest);
  if (typeof parsed === "string") return misused(parsed, `${usageOf(command)}\n`);
  const { positionals, values } = parsed;
  const { operands } = command;
  if (operands === "some" ? positionals.length === 0 : positionals.length !== operands) {
    const because = `${command.words}: ${positionals.length} operands given, ${operands} wanted`;
    return misused(because, `${usageOf(command)}\n`);
  }
  return command.run({ operands: positionals, options: values, ...around });
}

interface Parsed {
  readonly positionals: readonly string[];
  readonly values: Given["options"];
}

/** What the arguments say, or why they say nothing. */
function parse(command: Command, rest: readonly string[]): Parsed | string {
  try {
    const options = { ...command.options };
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    return error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : "Misused";
  }
}

function unknown(args: readonly string[]): Answer {
  const names = COMMANDS.map(({ words }) => words);
  const given = args.filter((arg) => !arg.startsWith("-")).slice(0, 2);
  const meant = nearest(given.join(" "), names) ?? nearest(given[0] ?? "", names);
  const hint = meant === null ? "" : `; did you mean ${meant}?`;
  return misused(`Unknown command ${given.join(" ") || args.join(" ")}${hint}`, usage());
}

function startsWith(args: readonly string[], words: readonly string[]): boolean {
  return words.every((word, i) => args[i] === word);
}

function usage(): string {
  const width = Math.max(...COMMANDS.map((command) => usageOf(command).length));
  const lines = COMMANDS.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.says}`);
  return `Usage: npx geo-failover COMMAND\n\n${lines.join("\n")}\n`;
}

function helpOf(command: Command): string {
  const { explains } = command;
  return `${usageOf(command)}\n${explains === undefined ? "" : `\n${explains}\n`}`;
}

function usageOf({ words, takes }: Command): string {
  return `${words} ${takes}`.trim();
}
