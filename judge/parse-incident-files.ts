import * as z from "zod";
import { valueAt } from "../shared/config/complaint.ts";
import { nearest } from "../shared/text/nearest.ts";
import {
  DECISIONS,
  type Expected,
  type IncidentFile,
  MODES,
  type Signal,
} from "./incident-file.ts";
import { parseConfig } from "./parse-config.ts";
import { isSource, readValue, SOURCE_NAMES, sayForm } from "./sources.ts";

/** One thing that is wrong with a catalogue of incident files, and where. */
export interface Problem {
  /** The file, and the place in it: `incidents.json[3].signals[7].value`. */
  readonly path: string;
  /** The incident file's id, or its number where it has none; null when the file as a whole is meant. */
  readonly id: string | null;
  readonly message: string;
}

export interface ParsedIncidentFiles {
  readonly incidentFiles: readonly IncidentFile[];
  readonly problems: readonly Problem[];
}

const Seconds = z.number().min(0).max(1e8);
const RawSignal = z.object({
  t_s: Seconds,
  source: z.string(),
  value: z.union([z.string(), z.number()], "must be a text or a number"),
});
const RawExpected = z.object({
  decision: z.enum(DECISIONS),
  earliest_s: Seconds.nullish(),
  latest_s: Seconds.nullish(),
  mode: z.enum(MODES).nullish(),
});
const RawIncidentFile = z.object({
  id: z.string().min(1),
  title: z.string().default(""),
  duration_s: z.number().positive().max(1e8),
  config: z.record(z.string(), z.unknown()).default({}),
  signals: z.array(z.unknown()),
  expected: RawExpected.nullish(),
});

/** Reads a catalogue: an array of incident files. Never throws: what is not in the format is a problem with its place. */
export function parseIncidentFiles(text: string, path: string): ParsedIncidentFiles {
  const json = readJson(text);
  if (json.kind === "refused") return wholeFile(path, `is no JSON: ${json.because}`);
  if (!Array.isArray(json.value)) return wholeFile(path, "is no array of incident files");
  const incidentFiles: IncidentFile[] = [];
  const problems: Problem[] = [];
  const ids = new Set<string>();
  for (const [index, raw] of json.value.entries()) {
    const found: Problem[] = [];
    const incidentFile = readIncidentFile(
      raw,
      new Place(`${path}[${index}]`, nameOf(raw, index), found),
    );
    if (incidentFile !== null && ids.has(incidentFile.id)) {
      found.push(
        problem(`${path}[${index}].id`, incidentFile.id, "another incident file has this id"),
      );
    }
    if (incidentFile !== null) ids.add(incidentFile.id);
    if (incidentFile !== null && found.length === 0) incidentFiles.push(incidentFile);
    problems.push(...found);
  }
  return { incidentFiles, problems };
}

/** Where in the file something is being read; problems found there are collected. */
class Place {
  readonly path: string;
  readonly id: string;
  private readonly found: Problem[];

  constructor(path: string, id: string, found: Problem[]) {
    this.path = path;
    this.id = id;
    this.found = found;
  }

  in(step: string): Place {
    return new Place(`${this.path}${step}`, this.id, this.found);
  }

  refuse(message: string): void {
    this.found.push(problem(this.path, this.id, message));
  }

  refuseIssues({ issues }: z.ZodError, raw: unknown): void {
    for (const issue of issues) {
      const steps = issue.path.map((step) =>
        typeof step === "number" ? `[${step}]` : `.${String(step)}`,
      );
      const shown = showValue(valueAt(raw, issue.path.filter(isStep)));
      this.in(steps.join("")).refuse(`${shown}: ${issue.message}`);
    }
  }
}

function readIncidentFile(raw: unknown, place: Place): IncidentFile | null {
  const parsed = RawIncidentFile.safeParse(raw);
  if (!parsed.success) {
    place.refuseIssues(parsed.error, raw);
    return null;
  }
  const { id, title, duration_s, config, signals, expected } = parsed.data;
  const read = signals.map((signal, index) => readSignal(signal, index, place));
  return {
    id,
    title,
    durationMs: duration_s * 1_000,
    config: parseConfig(config, (key, message) => place.in(`.config.${key}`).refuse(message)),
    signals: read.flatMap((signal) => (signal === null ? [] : [signal])).sort(byInstant),
    expected: readExpected(expected ?? null, place),
  };
}

function readSignal(raw: unknown, index: number, place: Place): Signal | null {
  const here = place.in(`.signals[${index}]`);
  const parsed = RawSignal.safeParse(raw);
  if (!parsed.success) {
    here.refuseIssues(parsed.error, raw);
    return null;
  }
  const { t_s, source, value } = parsed.data;
  if (!isSource(source)) {
    const meant = nearest(source, SOURCE_NAMES);
    const hint = meant === null ? "" : `; did you mean ${meant}?`;
    here.in(".source").refuse(`no source has this name: ${source}${hint}`);
    return null;
  }
  if (readValue(source, value) === null) {
    const shown = showValue(value);
    here.in(".value").refuse(`${source} cannot be ${shown}; it is one of: ${sayForm(source)}`);
    return null;
  }
  return { atMs: t_s * 1_000, source, value };
}

function readExpected(raw: z.infer<typeof RawExpected> | null, place: Place): Expected | null {
  if (raw === null) return null;
  const { decision, earliest_s = null, latest_s = null, mode = null } = raw;
  if (earliest_s !== null && latest_s !== null && earliest_s > latest_s) {
    place.in(".expected.earliest_s").refuse(`is after latest_s: ${earliest_s} > ${latest_s}`);
  }
  return { decision, earliestMs: toMs(earliest_s), latestMs: toMs(latest_s), mode };
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}

/** Stable: of two values of one source at one instant the later in the file holds. */
function byInstant(a: Signal, b: Signal): number {
  return a.atMs - b.atMs;
}

function nameOf(raw: unknown, index: number): string {
  const named = z.object({ id: z.string().min(1) }).safeParse(raw);
  return named.success ? named.data.id : `#${index}`;
}

function isStep(step: PropertyKey): step is string | number {
  return typeof step !== "symbol";
}

const SHOWN_MAX = 200;

function showValue(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, SHOWN_MAX);
}

type Json =
  | { readonly kind: "read"; readonly value: unknown }
  | { readonly kind: "refused"; readonly because: string };

function readJson(text: string): Json {
  try {
    return { kind: "read", value: JSON.parse(text) };
  } catch (error) {
    return { kind: "refused", because: error instanceof Error ? error.message : "unreadable" };
  }
}

function wholeFile(path: string, message: string): ParsedIncidentFiles {
  return { incidentFiles: [], problems: [{ path, id: null, message }] };
}

function problem(path: string, id: string, message: string): Problem {
  return { path, id, message };
}
