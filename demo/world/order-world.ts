import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import * as z from "zod";
import { ConfigError } from "../../shared/config/config-error.ts";
import type { Config } from "../../shared/domain/group.ts";
import type { Fault } from "../../simulator/faults.ts";
import { DEMO, readDemoConfig } from "../read-demo-config.ts";
import { ScenarioFile, scenarioFile, scenarioNames } from "../scenario.ts";
import { readFault } from "./read-fault.ts";
import { WEBHOOK, type WorldToServe } from "./serve-world.ts";

export type OrderReading =
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "serve"; readonly order: Omit<WorldToServe, "say">; readonly title: string };

const options = {
  scenario: { type: "string", default: "calm" },
  config: { type: "string" },
  port: { type: "string", default: "7100" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const WorldScenario = ScenarioFile.extend({ faults: z.array(z.unknown()) });

/** Reads the command line and the files that it names, or says what is wrong with them. */
export function orderWorld(argv: readonly string[]): OrderReading {
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    if (values.help) return { kind: "help" };
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535) {
      throw new Error(`Cannot read the port: write a whole number up to 65535: ${values.port}`);
    }
    const configPath = values.config ?? fileURLToPath(DEMO);
    const webhookVariable = webhookVariableIn(configPath);
    // Never a real one, should this shell have it: it would be printed, and the apps would ask for it here.
    const heard = webhookVariable === null ? {} : { [webhookVariable]: WEBHOOK };
    const config = readDemoConfig(values.config ?? null, null, { ...process.env, ...heard });
    const { title, faults } = readWorldScenario(values.scenario, config);
    return { kind: "serve", title, order: { config, configPath, webhookVariable, faults, port } };
  } catch (error) {
    return { kind: "refused", because: messageOf(error) };
  }
}

/** The variable that the configuration expects its webhook in; the reader of the whole says what is wrong with it. */
function webhookVariableIn(path: string): string | null {
  const [, name = null] =
    /^\s*(?:notify:\s*\{)?\s*webhook:\s*["']?env:(\w+)/m.exec(readText(path)) ?? [];
  return name;
}

function readWorldScenario(
  named: string,
  config: Config,
): { readonly title: string; readonly faults: readonly Fault[] } {
  const path = scenarioNames().includes(named) ? fileURLToPath(scenarioFile(named)) : named;
  const file = WorldScenario.safeParse(parse(readText(path)));
  if (!file.success) {
    throw new Error(`Cannot read the scenario ${named}: ${z.prettifyError(file.error)}`);
  }
  const faults = file.data.faults.map((each) => {
    const reading = readFault(config, each);
    if (reading.kind === "fault") return reading.fault;
    throw new Error(`Cannot read the scenario ${named}: ${reading.because}`);
  });
  return { title: file.data.title, faults };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${codeOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
