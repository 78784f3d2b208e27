import type * as z from "zod";
import { type Complaint, valueAt } from "./complaint.ts";
import { ConfigFile, GroupEntry, type SiteEntry, TICK_DEFAULT_MS } from "./config-file.ts";
import { explainIssue } from "./explain-issue.ts";
import { schemaTree } from "./json-schema.ts";
import { Settings } from "./settings.ts";

/** Where in the file a group stands, with what it says. */
export interface NumberedGroup {
  readonly index: number;
  readonly entry: GroupEntry;
}

/** The parts of a file that could be read. Null stands for a part that could not. */
export interface FileParts {
  readonly sites: readonly SiteEntry[] | null;
  readonly defaults: Settings | null;
  readonly groups: readonly NumberedGroup[];
  /** The environment variable that holds the webhook; null where none is asked for. */
  readonly webhook: string | null;
  readonly tickMs: number;
}

export interface ParsedFile {
  /** The whole file, or null where any part is wrong. */
  readonly file: ConfigFile | null;
  /** What can be checked further even so: one report should list everything. */
  readonly parts: FileParts;
  readonly complaints: readonly Complaint[];
}

/** Puts plain values to the schema, and keeps what it could read beside what it could not. */
export function parseFile(root: unknown): ParsedFile {
  const whole = ConfigFile.safeParse(root);
  if (whole.success) {
    return { file: whole.data, parts: readableParts(root), complaints: [] };
  }
  const tree = schemaTree();
  const complaints = whole.error.issues.flatMap((issue) => explainIssue(issue, root, tree));
  return { file: null, parts: readableParts(root), complaints };
}

function readableParts(root: unknown): FileParts {
  return {
    sites: readable(ConfigFile.shape.sites, valueAt(root, ["sites"])),
    defaults: readable(Settings, valueAt(root, ["defaults"]) ?? {}),
    groups: itemsOf(valueAt(root, ["groups"])).flatMap((item, index) => {
      const entry = readable(GroupEntry, item);
      return entry === null ? [] : [{ index, entry }];
    }),
    webhook: readable(ConfigFile.shape.notify, valueAt(root, ["notify"]))?.webhook ?? null,
    tickMs: readable(ConfigFile.shape.tick, valueAt(root, ["tick"])) ?? TICK_DEFAULT_MS,
  };
}

function readable<T>(schema: z.ZodType<T>, value: unknown): T | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
