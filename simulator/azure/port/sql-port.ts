import { failureName } from "../../../shared/azure/sql/failure-name.ts";
import type { SqlAnswer, SqlLook } from "../../../shared/domain/observation.ts";
import type {
  ReplicationReading,
  Sql,
  SqlTarget,
  UpdateabilityReading,
} from "../../../shared/ports/sql.ts";
import { type Connected, connect, roundTripMs } from "../world/sql-connection.ts";
import {
  answers,
  commitCanary,
  databaseStates,
  replicationRows,
  updateabilityOf,
} from "../world/sql-server.ts";
import type { Vantage, World } from "../world/world.ts";

const NOT_ASKED: SqlAnswer = { kind: "not-asked" };

/** The instances as one site reaches them over SQL. */
export function createSqlPort(world: World, vantage: Vantage): Sql {
  return {
    look: (target, canaryDatabase) => look(world, vantage, target, canaryDatabase),
    replication: (target) => replication(world, vantage, target),
    updateability: (target) => updateability(world, vantage, target),
    write: async (target, canaryDatabase) => {
      const login = await connect(world, vantage, { ...target, database: canaryDatabase });
      if (login.kind === "failed") return false;
      return (await writeRow(world, vantage, login.connection, canaryDatabase)).kind === "ok";
    },
  };
}

async function look(
  world: World,
  vantage: Vantage,
  target: SqlTarget,
  canary: string | null,
): Promise<SqlLook> {
  const startedAt = world.now();
  const login = await connect(world, vantage, { ...target, database: canary ?? "master" });
  if (login.kind === "failed") {
    const refused = login.answer.kind === "error" && canary !== null;
    const timeoutMs = target.timeoutMs - (world.now() - startedAt);
    const master = refused
      ? await askMaster(world, vantage, { ...target, timeoutMs })
      : { answer: NOT_ASKED, databases: null };
    return {
      login: login.answer,
      write: NOT_ASKED,
      master: master.answer,
      databases: master.databases,
    };
  }
  const { connection } = login;
  const entered: SqlAnswer = { kind: "ok", latencyMs: connection.latencyMs };
  if (canary === null) {
    const query = await ask(world, vantage, connection);
    const databases = query.kind === "ok" ? databaseStates(world, connection.server) : null;
    return { login: entered, write: NOT_ASKED, master: NOT_ASKED, databases };
  }
  const states = databaseStates(world, connection.server);
  const write = await writeRow(world, vantage, connection, canary);
  if (write.kind !== "error") {
    return { login: entered, write, master: NOT_ASKED, databases: states };
  }
  const timeoutMs = target.timeoutMs - (world.now() - startedAt);
  const master = await askMaster(world, vantage, { ...target, timeoutMs });
  return { login: entered, write, master: master.answer, databases: states };
}

async function askMaster(
  world: World,
  vantage: Vantage,
  target: SqlTarget,
): Promise<{ answer: SqlAnswer; databases: SqlLook["databases"] }> {
  const login = await connect(world, vantage, { ...target, database: "master" });
  if (login.kind === "failed") return { answer: login.answer, databases: null };
  const { server, latencyMs } = login.connection;
  return { answer: { kind: "ok", latencyMs }, databases: databaseStates(world, server) };
}

/** A committed row in the canary table: acknowledged only if the answer came in time. */
async function writeRow(
  world: World,
  vantage: Vantage,
  connection: Connected,
  database: string,
): Promise<SqlAnswer> {
  const query = await ask(world, vantage, connection);
  if (query.kind !== "ok") return query;
  const outcome = commitCanary(world, connection.server, database);
  switch (outcome.kind) {
    case "hangs":
      await world.wait(Math.max(0, connection.leftMs - query.latencyMs));
      return { kind: "timeout", phase: "query" };
    case "error":
      return { kind: "error", number: outcome.number, code: "EREQUEST" };
    case "committed":
      return query;
    default:
      return outcome satisfies never;
  }
}

/** One request on an open connection. */
async function ask(world: World, vantage: Vantage, connection: Connected): Promise<SqlAnswer> {
  const latencyMs = Math.round(roundTripMs(world, vantage, connection.server));
  const tooSlow = latencyMs >= connection.leftMs;
  await world.wait(Math.min(latencyMs, connection.leftMs));
  if (tooSlow) return { kind: "timeout", phase: "query" };
  if (answers(world, vantage, connection.server)) return { kind: "ok", latencyMs };
  await world.wait(connection.leftMs - latencyMs);
  return { kind: "timeout", phase: "query" };
}

/** One question to the instance itself: the server that answered it, or why none did. */
async function askInstance(
  world: World,
  vantage: Vantage,
  target: SqlTarget,
): Promise<
  | { readonly kind: "reached"; readonly server: Connected["server"] }
  | Extract<ReplicationReading, { kind: "unknown" }>
> {
  const login = await connect(world, vantage, { ...target, database: "master" });
  if (login.kind === "failed") return { kind: "unknown", ...failureName(login.answer) };
  const query = await ask(world, vantage, login.connection);
  if (query.kind !== "ok") return { kind: "unknown", ...failureName(query) };
  return { kind: "reached", server: login.connection.server };
}

async function replication(
  world: World,
  vantage: Vantage,
  target: SqlTarget,
): Promise<ReplicationReading> {
  const reached = await askInstance(world, vantage, target);
  if (reached.kind === "unknown") return reached;
  return { kind: "read", rows: replicationRows(world, reached.server) };
}

async function updateability(
  world: World,
  vantage: Vantage,
  target: SqlTarget,
): Promise<UpdateabilityReading> {
  const reached = await askInstance(world, vantage, target);
  if (reached.kind === "unknown") return reached;
  return { kind: "read", ...updateabilityOf(world, reached.server) };
}
