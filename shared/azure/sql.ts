import type { SqlAnswer, SqlFailure, SqlLook } from "../domain/observation.ts";
import type { Sql, SqlTarget } from "../ports/sql.ts";
import { converse, type Open, type Opening, type SqlOptions, since } from "./sql/conversation.ts";
import { GARBAGE } from "./sql/failed-step.ts";
import { failureName } from "./sql/failure-name.ts";
import { readDatabaseStates, readReplication, readUpdateability } from "./sql/read-rows.ts";
import type { Session, StepEnd } from "./sql/session.ts";
import { CANARY_WRITE, DATABASE_STATES, REPLICATION, UPDATEABILITY } from "./sql/statements.ts";

// Managed instances over SQL.
//
// P1. One fresh connection per question; nothing is kept, nothing is tried twice.
// P2. Every call ends by its deadline, and what it opened is closed by then.
// P3. No call throws, and what is not understood is an answer without a number: it counts for nobody.
// P4. Nothing is written but the canary table of the named database.

const NOT_ASKED: SqlAnswer = { kind: "not-asked" };

/** Managed instances over SQL, by token or SQL login. */
export function createSql(options: SqlOptions): Sql {
  const { clock } = options;
  return {
    look: ({ fqdn, timeoutMs }, canaryDatabase) =>
      converse(options, timeoutMs, (open) => look(options, open, fqdn, canaryDatabase)),

    replication: async (target) => {
      const answer = await askMaster(options, target, REPLICATION, readReplication);
      return answer.kind === "read" ? { kind: "read", rows: answer.value } : answer;
    },

    updateability: async (target) => {
      const answer = await askMaster(options, target, UPDATEABILITY, readUpdateability);
      return answer.kind === "read" ? { kind: "read", ...answer.value } : answer;
    },

    write: ({ fqdn, timeoutMs }, canaryDatabase) =>
      converse(options, timeoutMs, async (open) => {
        const opening = await open(fqdn, canaryDatabase);
        if (opening.kind === "failed") return false;
        return (await writeCanary(clock, opening.session)).kind === "ok";
      }),
  };
}

async function look(
  { clock }: SqlOptions,
  open: Open,
  fqdn: string,
  canaryDatabase: string | null,
): Promise<SqlLook> {
  const opening = await open(fqdn, canaryDatabase ?? "master");
  if (opening.kind === "failed") {
    const refused = opening.answer.kind === "error" && canaryDatabase !== null;
    const master = refused ? await open(fqdn, "master") : null;
    return {
      login: opening.answer,
      write: NOT_ASKED,
      master: master === null ? NOT_ASKED : answerOf(master),
      databases: master?.kind === "open" ? await states(master.session) : null,
    };
  }
  // Before the write: one that hangs would leave no time for it.
  const databases = await states(opening.session);
  const write = canaryDatabase === null ? NOT_ASKED : await writeCanary(clock, opening.session);
  const seen = { login: answerOf(opening), write, databases };
  if (write.kind !== "error") return { ...seen, master: NOT_ASKED };
  // A refused write may be of this database alone.
  opening.session.close();
  return { ...seen, master: answerOf(await open(fqdn, "master")) };
}

async function states(session: Session): Promise<SqlLook["databases"]> {
  const end = await session.ask(DATABASE_STATES);
  return end.kind === "done" ? readDatabaseStates(end.rows) : null;
}

async function writeCanary(clock: SqlOptions["clock"], session: Session): Promise<SqlAnswer> {
  const startedAt = clock.now();
  const end = await session.ask(CANARY_WRITE);
  if (end.kind === "failed") return end.answer;
  return end.rows.length === 1 ? { kind: "ok", latencyMs: since(clock, startedAt) } : GARBAGE;
}

type Rows = Extract<StepEnd, { kind: "done" }>["rows"];

/** One question to master, which every login may enter. */
function askMaster<T>(
  options: SqlOptions,
  { fqdn, timeoutMs }: SqlTarget,
  statement: string,
  read: (rows: Rows) => T | null,
): Promise<{ kind: "read"; value: T } | ({ kind: "unknown" } & SqlFailure)> {
  return converse(options, timeoutMs, async (open) => {
    const opening = await open(fqdn, "master");
    if (opening.kind === "failed") return { kind: "unknown", ...failureName(opening.answer) };
    const end = await opening.session.ask(statement);
    if (end.kind === "failed") return { kind: "unknown", ...failureName(end.answer) };
    const value = read(end.rows);
    if (value === null) return { kind: "unknown", ...failureName(GARBAGE) };
    return { kind: "read", value };
  });
}

function answerOf(opening: Opening): SqlAnswer {
  return opening.kind === "failed" ? opening.answer : { kind: "ok", latencyMs: opening.latencyMs };
}
