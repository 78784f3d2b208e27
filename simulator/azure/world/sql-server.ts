import type { SqlLook } from "../../../shared/domain/observation.ts";
import type { ReplicationRow, UpdateabilityReading } from "../../../shared/ports/sql.ts";
import { commitCanaryRow } from "./clients.ts";
import type { Database } from "./database.ts";
import { instanceUp, whyClosed, writability } from "./instance-health.ts";
import { hostOf } from "./names.ts";
import { vantageReaches } from "./network.ts";
import { lagMs } from "./replication.ts";
import type { Server } from "./sql-connection.ts";
import type { Vantage, World } from "./world.ts";

// What an instance says to whoever is logged in, however the words travel.

const READ_ONLY_ERROR = 3906;

export type WriteOutcome =
  | { readonly kind: "committed" }
  | { readonly kind: "hangs" }
  | { readonly kind: "error"; readonly number: number };

type Updateability = Omit<Extract<UpdateabilityReading, { kind: "read" }>, "kind">;

/** Does an answer to a request on an open connection arrive? */
export function answers(world: World, vantage: Vantage, { group, side }: Server): boolean {
  const there = vantageReaches(world, vantage, group.group[side].region);
  return there && instanceUp(world, group, side);
}

/** Commits a row in the canary table, where the instance lets it. */
export function commitCanary(world: World, server: Server, database: string): WriteOutcome {
  const { group, side } = server;
  const state = writability(world, group, side);
  switch (state.kind) {
    case "hangs":
      return state;
    case "read-only":
      return { kind: "error", number: READ_ONLY_ERROR };
    case "error":
      return state;
    case "writes":
      commitCanaryRow(world, group, side, database);
      return { kind: "committed" };
    default:
      return state satisfies never;
  }
}

export function databaseStates(
  world: World,
  { group, side }: Server,
): NonNullable<SqlLook["databases"]> {
  return group.databases.map(({ name }) => ({
    name,
    state: whyClosed(world, group, side, name) === null ? "online" : "lost",
  }));
}

export function updateabilityOf(world: World, server: Server): Updateability {
  const { group, side } = server;
  const open = writability(world, group, side).kind === "read-only" ? "READ_ONLY" : "READ_WRITE";
  return {
    server: hostOf(group.group[side].fqdn),
    databases: group.databases.map(({ name }) => ({
      name,
      updateability: whyClosed(world, group, side, name) === null ? open : "other",
    })),
  };
}

export function replicationRows(world: World, server: Server): readonly ReplicationRow[] {
  return openDatabases(world, server).map((database) => rowOf(world, server, database));
}

function openDatabases(world: World, { group, side }: Server): readonly Database[] {
  return group.databases.filter(({ name }) => whyClosed(world, group, side, name) === null);
}

function rowOf(world: World, { group, side }: Server, database: Database): ReplicationRow {
  const stranded = group.primary !== side && group.believes[side] === "primary";
  const isPrimary = group.primary === side;
  const committedAt = stranded
    ? database.strandedLastCommitAt
    : isPrimary
      ? database.lastCommitAt
      : database.secondaryLastCommitAt;
  const behindMs = Math.max(lagMs(world, group), world.at - database.appliedThroughAt);
  return {
    database: database.name,
    lagSeconds: isPrimary ? Math.floor(behindMs / 1_000) : null,
    lastCommitAgeMs: committedAt === null ? null : world.at - committedAt,
    lastCommitMark: committedAt,
  };
}
