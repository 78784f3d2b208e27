import { parseArgs } from "node:util";
import { nearest } from "../shared/text/nearest.ts";

interface Flags {
  readonly seeds: readonly [first: number, last: number];
  /** Every event is told: one seed was asked for. */
  readonly events: boolean;
  /** Null: to the end of each. */
  readonly minutes: number | null;
  readonly json: boolean;
}

type FlagsReading =
  | { readonly kind: "run"; readonly flags: Flags }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly because: string };

const options = {
  seed: { type: "string" },
  seeds: { type: "string" },
  minutes: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

const SEED_MAX = 2 ** 31;
const MINUTES_MAX = 24 * 60;

/** Reads the command line, or says what is wrong with it. */
export function readFlags(argv: readonly string[]): FlagsReading {
  const unknown = argv.find((word) => word.startsWith("--") && !isKnown(word));
  if (unknown !== undefined) {
    const name = nameIn(unknown);
    const meant = nearest(name, Object.keys(options));
    const hint = meant === null ? "see npm run sim -- --help" : `did you mean --${meant}?`;
    return { kind: "refused", because: `Cannot find the flag --${name}: ${hint}` };
  }
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    if (values.help) return { kind: "help" };
    const { seed, seeds, minutes, json } = values;
    if ((seed === undefined) === (seeds === undefined)) {
      return { kind: "refused", because: "Cannot run: write --seed N or --seeds A..B" };
    }
    const first = toWhole("seed", seed ?? (seeds ?? "").split("..")[0] ?? "", SEED_MAX);
    const last = seed === undefined ? toLast(seeds ?? "", first) : first;
    return {
      kind: "run",
      flags: {
        seeds: [first, last],
        events: seed !== undefined,
        minutes: minutes === undefined ? null : toMinutes(minutes),
        json,
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "refused", because: `${message.split(". ")[0]}; see npm run sim -- --help` };
  }
}

function toLast(text: string, first: number): number {
  const parts = text.split("..");
  if (parts.length !== 2) throw new Error(`Cannot read the seeds: write 1..100: ${text}`);
  const last = toWhole("seed", parts[1] ?? "", SEED_MAX);
  if (last < first) throw new Error(`Cannot read the seeds: the last is before the first: ${text}`);
  return last;
}

function toMinutes(text: string): number {
  const minutes = toWhole("minutes", text, MINUTES_MAX);
  if (minutes === 0) throw new Error("Cannot run for no time: write --minutes 1 or more: 0");
  return minutes;
}

function toWhole(what: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new Error(`Cannot read the ${what}: write a whole number up to ${max}: ${text}`);
}

function isKnown(word: string): boolean {
  return Object.hasOwn(options, nameIn(word));
}

function nameIn(word: string): string {
  return word.slice(2).split("=")[0] ?? "";
}
