import type { ReplicationRow } from "../../../shared/ports/sql.ts";
import { isOn, writability } from "../world/instance-health.ts";
import type { Server } from "../world/sql-connection.ts";
import {
  commitCanary,
  databaseStates,
  replicationRows,
  updateabilityOf,
} from "../world/sql-server.ts";
import type { World } from "../world/world.ts";
import type { Table } from "./token-stream.ts";

export type StatementAnswer =
  | { readonly kind: "tables"; readonly tables: readonly Table[] }
  | { readonly kind: "error"; readonly number: number }
  | { readonly kind: "hangs" };

const INCORRECT_SYNTAX = 102;
const NO_SUCH_TABLE = 208;
const NO_PERMISSION = 229;

const SETTINGS = /^\s*set \w/;
const STATES = /\bstate_desc FROM sys\.databases\b/;
const UPDATEABILITY = /DATABASEPROPERTYEX\(d\.name, 'Updateability'\)/;
const LINKS = /\bsys\.dm_geo_replication_link_status\b/;
/** Run in every database, by its own procedure. */
const EVERYWHERE = /EXEC ' \+ QUOTENAME\(name\) \+ N'\.sys\.sp_executesql/;
const CANARY_STATE = /\bOBJECT_ID\(N'geofailover\.canary', N'U'\)/;
const CANARY_WRITERS = /\bSELECT writer, .*FROM geofailover\.canary\b/;
const CANARY = /\b(?:UPDATE|INSERT INTO) geofailover\.canary\b/;

/** Marks are microseconds since then, as the server is asked for them. */
const MARKS_SINCE_AT = Date.UTC(2000, 0, 1);

/** Who wrote is not kept in this world. */
const WRITERS: Table = {
  columns: [
    { name: "writer", type: "text" },
    { name: "", type: "bigint" },
  ],
  rows: [],
};

const WRITTEN: Table = { columns: [{ name: "writes", type: "bigint" }], rows: [[1]] };

/** Only for what every session sets before its first question. */
export function isSettings(statement: string): boolean {
  return SETTINGS.test(statement);
}

/** What the instance says to one statement. It knows those of the adapter, by what they ask. */
export function answerStatement(
  world: World,
  server: Server,
  database: string,
  statement: string,
): StatementAnswer {
  if (CANARY_STATE.test(statement)) return tables(canaryTable(world, server));
  if (CANARY_WRITERS.test(statement)) return tables(WRITERS);
  if (CANARY.test(statement)) {
    if (database === "master") return { kind: "error", number: NO_SUCH_TABLE };
    const outcome = commitCanary(world, server, database);
    return outcome.kind === "committed" ? tables(WRITTEN) : outcome;
  }
  if (LINKS.test(statement)) {
    const rows = replicationRows(world, server);
    // The view shows the links of the database that it is read in; master has none.
    const seen = EVERYWHERE.test(statement)
      ? rows
      : rows.filter((row) => row.database === database);
    return { kind: "tables", tables: seen.map(linkTable) };
  }
  if (UPDATEABILITY.test(statement)) return tables(updateabilityTable(world, server));
  if (STATES.test(statement)) return tables(statesTable(world, server));
  return { kind: "error", number: INCORRECT_SYNTAX };
}

function tables(table: Table): StatementAnswer {
  return { kind: "tables", tables: [table] };
}

function statesTable(world: World, server: Server): Table {
  return {
    columns: [
      { name: "name", type: "text" },
      { name: "state_desc", type: "text" },
    ],
    rows: databaseStates(world, server).map(({ name, state }) => [
      name,
      state === "online" ? "ONLINE" : "RECOVERY_PENDING",
    ]),
  };
}

function updateabilityTable(world: World, server: Server): Table {
  const { server: host, databases } = updateabilityOf(world, server);
  const rows = databases.map(({ name, updateability }) => [
    host,
    name,
    updateability === "other" ? null : updateability,
  ]);
  return {
    columns: [
      { name: "server", type: "text" },
      { name: "name", type: "text" },
      { name: "updateability", type: "text" },
    ],
    rows: rows.length === 0 ? [[host, null, null]] : rows,
  };
}

/** A write that is refused for want of the table, or of the right to it, shows in what is asked about it. */
function canaryTable(world: World, server: Server): Table {
  const { group, side } = server;
  const refused = world.faults("write-error").find((fault) => isOn(fault, group, side));
  const readOnly = writability(world, group, side).kind === "read-only";
  const there = refused?.number !== NO_SUCH_TABLE;
  const granted = there && refused?.number !== NO_PERMISSION;
  return {
    columns: [
      { name: "", type: "int" },
      { name: "", type: "text" },
      { name: "", type: "int" },
    ],
    rows: [[there ? 1 : 0, readOnly ? "READ_ONLY" : "READ_WRITE", granted ? 1 : 0]],
  };
}

function linkTable(row: ReplicationRow): Table {
  const { database, lagSeconds, lastCommitAgeMs, lastCommitMark } = row;
  const mark = lastCommitMark === null ? null : (lastCommitMark - MARKS_SINCE_AT) * 1_000;
  return {
    columns: [
      { name: "", type: "text" },
      { name: "replication_lag_sec", type: "int" },
      { name: "", type: "bigint" },
      { name: "", type: "bigint" },
    ],
    rows: [[database, lagSeconds, lastCommitAgeMs, mark]],
  };
}
