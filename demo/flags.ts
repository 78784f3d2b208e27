import { parseArgs } from "node:util";
import * as z from "zod";
import { nearest } from "../shared/text/nearest.ts";

const MODES = ["observe", "approve", "automatic"] as const;
const SPEED_DEFAULT = 60;
const PORT_DEFAULT = 7071;

export interface Flags {
  readonly scenario: string;
  /** Simulated time per wall time; "max" waits for nothing. */
  readonly speed: number | "max";
  readonly mode: (typeof MODES)[number] | null;
  readonly config: string | null;
  /** Run the app as it is bundled instead of as it is written. */
  readonly bundle: boolean;
  /** End after the scenario instead of serving on. */
  readonly exit: boolean;
  readonly json: boolean;
  readonly seed: number;
  /** The first site's; null: nothing is served. */
  readonly port: number | null;
}

export type FlagsReading =
  | { readonly kind: "run"; readonly flags: Flags }
  | { readonly kind: "help" }
  | { readonly kind: "list" }
  | { readonly kind: "refused"; readonly message: string };

const options = {
  scenario: { type: "string", default: "region-loss" },
  speed: { type: "string" },
  mode: { type: "string" },
  config: { type: "string" },
  seed: { type: "string", default: "1" },
  port: { type: "string" },
  bundle: { type: "boolean", default: false },
  exit: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line, or says what is wrong with it and what was probably meant. */
export function readFlags(argv: readonly string[], scenarios: readonly string[]): FlagsReading {
  const unknown = argv.find((word) => !isKnown(word) && word.startsWith("--"));
  if (unknown !== undefined) {
    const name = unknown.slice(2).split("=")[0] ?? "";
    return refuse("flag", `--${name}`, nearest(name, Object.keys(options)), "--");
  }
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    if (values.help) return { kind: "help" };
    if (values.list) return { kind: "list" };
    if (!scenarios.includes(values.scenario)) {
      return refuse("scenario", values.scenario, nearest(values.scenario, scenarios), "");
    }
    return { kind: "run", flags: toFlags(values) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "refused", message: `${message.split(". ")[0]}; see npm start -- --help` };
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

function toFlags(values: Values): Flags {
  const { scenario = "", bundle = false, exit = false, json = false } = values;
  // A document for a program, and nobody stays to watch: there is nothing to wait for.
  const speedDefault = json && exit ? "max" : SPEED_DEFAULT;
  const speed = values.speed === undefined ? speedDefault : toSpeed(values.speed);
  const silent = exit && speed === "max" && values.port === undefined;
  const port = toWhole("port", values.port ?? String(PORT_DEFAULT), 65_000);
  return {
    scenario,
    speed,
    mode: toMode(values.mode),
    config: values.config ?? null,
    bundle,
    exit,
    json,
    seed: toWhole("seed", values.seed ?? "1", 2 ** 31),
    port: silent ? null : port,
  };
}

function toSpeed(text: string): Flags["speed"] {
  if (text === "max") return "max";
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new Error(`Cannot run at this speed: write a number above zero or max: ${text}`);
}

function toMode(text: string | undefined): Flags["mode"] {
  if (text === undefined) return null;
  const mode = z.enum(MODES).safeParse(text);
  if (mode.success) return mode.data;
  const meant = nearest(text, MODES);
  const hint = meant === null ? `one of ${MODES.join(", ")}` : meant;
  throw new Error(`Cannot run in this mode: write ${hint}: ${text}`);
}

function toWhole(what: string, text: string, max: number): number {
  const value = Number(text);
  if (text !== "" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new Error(`Cannot read the ${what}: write a whole number up to ${max}: ${text}`);
}

function isKnown(word: string): boolean {
  const name = word.slice(2).split("=")[0] ?? "";
  return Object.hasOwn(options, name);
}

function refuse(what: string, given: string, meant: string | null, mark: string): FlagsReading {
  const hint = meant === null ? `see npm start -- ${what === "flag" ? "--help" : "--list"}` : "";
  const tail = meant === null ? hint : `did you mean ${mark}${meant}?`;
  return { kind: "refused", message: `Cannot find the ${what} ${given}: ${tail}` };
}
