import type { Canary, CanaryReading } from "../ports/canary.ts";
import { converse, type SqlOptions } from "./sql/conversation.ts";
import { GARBAGE } from "./sql/failed-step.ts";
import { failureName } from "./sql/failure-name.ts";
import { readCanaryState, readCanaryWriters } from "./sql/read-rows.ts";
import type { Session } from "./sql/session.ts";
import { CANARY_STATE, CANARY_WRITERS } from "./sql/statements.ts";

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
async function writersIn(
  session: Session,
): Promise<Extract<CanaryReading, { kind: "read" }>["writers"]> {
  const end = await session.ask(CANARY_WRITERS);
  return end.kind === "done" ? (readCanaryWriters(end.rows) ?? []) : [];
}

function unknown(answer: Parameters<typeof failureName>[0]): CanaryReading {
  return { kind: "unknown", because: failureName(answer) };
}
