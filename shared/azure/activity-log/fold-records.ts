import type { ActivityEntry } from "../../domain/facts.ts";
import type { ActivityRecord } from "./activity-entry.ts";

/** One request is logged as Started, Accepted and Succeeded: one entry each, with both ends as far as they are told. */
export function foldRecords(records: readonly ActivityRecord[]): readonly ActivityEntry[] {
  const things = new Map<string, ActivityEntry>();
  const oldestFirst = [...records].sort((a, b) => a.at - b.at);
  for (const [index, record] of oldestFirst.entries()) {
    const key = record.request ?? `record ${index}`;
    const known = things.get(key) ?? { ...record.entry, startedAt: null, ended: null };
    things.set(key, withStep(known, record));
  }
  return [...things.values()];
}

function withStep(entry: ActivityEntry, { step, at }: ActivityRecord): ActivityEntry {
  switch (step) {
    case "begun":
      return { ...entry, startedAt: entry.startedAt ?? at };
    case "ended-well":
      return { ...entry, ended: { at, how: "well" } };
    case "ended-badly":
      return { ...entry, ended: { at, how: "badly" } };
    default:
      return step satisfies never;
  }
}
