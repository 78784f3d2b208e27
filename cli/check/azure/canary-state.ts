import * as z from "zod";
import { converse, type SqlOptions } from "../../../shared/azure/sql/conversation.ts";
import { GARBAGE } from "../../../shared/azure/sql/failed-step.ts";
import { failureName } from "../../../shared/azure/sql/failure-name.ts";
import { type Rows, Whole } from "../../../shared/azure/sql/read-rows.ts";
import type { Session } from "../../../shared/azure/sql/session.ts";
import { CANARY_STATE, CANARY_WRITERS } from "../../../shared/azure/sql/statements.ts";
import type { Canary, CanaryReading } from "../ports/canary.ts";

const CanaryRow = z.tuple([z.number().int(), z.string(), z.number().int()]);
const WriterRow = z.tuple([z.string(), Whole]);

/** The canary table as a reader sees it: nothing is written. One fresh connection, ended by its deadline. */
export function createCanary(options: SqlOptions): Canary {
  return {
    read: ({ fqdn, timeoutMs }, database) =>
      converse<CanaryReading>(options, timeoutMs, async (open) => {
        const opening = await open(fqdn, database);
        if (opening.kind === "failed") return unknown(opening.answer);
        const end = await opening.session.ask(CANARY_STATE);
        if (end.kind === "failed") return unknown(end.answer);
        const state = readCanaryState(end.rows);
        if (state === null) return unknown(GARBAGE);
        const writers = state.table === "there" ? await writersIn(opening.session) : [];
        return { kind: "read", ...state, writers };
      }),
  };
}

/** Who may not read the table learns nothing of its writers. */
async function writersIn(session: Session): Promise<CanaryState["writers"]> {
  const end = await session.ask(CANARY_WRITERS);
  return end.kind === "done" ? (readCanaryWriters(end.rows) ?? []) : [];
}

function unknown(answer: Parameters<typeof failureName>[0]): CanaryReading {
  return { kind: "unknown", ...failureName(answer) };
}

type CanaryState = Extract<CanaryReading, { kind: "read" }>;

/** The answer to CANARY_STATE, or null where it is something else. */
function readCanaryState(rows: Rows): Omit<CanaryState, "kind" | "writers"> | null {
  const read = z.tuple([CanaryRow]).safeParse(rows);
  if (!read.success) return null;
  const [[there, updateability, mayWrite]] = read.data;
  const table = there === 1 ? "there" : "missing";
  return { table, updateability, mayWrite: mayWrite === 1 };
}

/** The answer to CANARY_WRITERS, or null where it is something else. */
function readCanaryWriters(rows: Rows): CanaryState["writers"] | null {
  const read = z.array(WriterRow).safeParse(rows);
  if (!read.success) return null;
  return read.data.flatMap(([name, ageMs]) => (ageMs === null ? [] : [{ name, ageMs }]));
}
