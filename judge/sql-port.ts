import type * as z from "zod";
import { failureName } from "../shared/azure/sql/failure-name.ts";
import type {
  DatabaseState,
  SqlAnswer,
  SqlFailure,
  SqlLook,
} from "../shared/domain/observation.ts";
import type { ReplicationReading, Sql, SqlTarget } from "../shared/ports/sql.ts";
import { CANARY, ZONE } from "./judged-config.ts";
import { type JudgedWorld, otherPlace } from "./judged-world.ts";
import type { GroupPlace, Place } from "./sources.ts";
import { loginTo, NOT_ASKED, sourceOf, writeTo } from "./sql-answers.ts";

/** The instances over SQL, as one place sees them. */
export function createSqlPort(world: JudgedWorld, from: Place): Sql {
  const reach = async ({
    fqdn,
    timeoutMs,
  }: SqlTarget): Promise<{ readonly instance: GroupPlace } | SqlFailure> => {
    const instance = instanceAt(world, fqdn);
    if (instance === "no-name" || instance === "timeout") return { because: instance };
    const login = loginTo(world, from, instance, timeoutMs);
    if (login.takesMs > 0) await world.clock.sleep(login.takesMs);
    if (login.answer.kind === "ok") return { instance };
    // A prober that reports nothing has not been answered, and was not refused either.
    return login.answer.kind === "not-asked" ? { because: "no-name" } : failureName(login.answer);
  };
  return {
    look: (target) => look(world, from, target),
    replication: async (target): Promise<ReplicationReading> => {
      const reached = await reach(target);
      if ("because" in reached) return { kind: "unknown", ...reached };
      return { kind: "read", rows: [replicationRow(world, reached.instance)] };
    },
    updateability: async (target) => {
      const reached = await reach(target);
      if ("because" in reached) return { kind: "unknown", ...reached };
      const { instance } = reached;
      const serves = world.roles.primary(world.now()) === instance;
      return {
        kind: "read",
        server: serverName(instance),
        databases: [{ name: CANARY, updateability: serves ? "READ_WRITE" : "READ_ONLY" }],
      };
    },
    write: async ({ fqdn, timeoutMs }) => {
      const instance = instanceAt(world, fqdn);
      if (instance === "no-name" || instance === "timeout") return false;
      const write = writeTo(world, from, instance, timeoutMs);
      if (write.takesMs > 0) await world.clock.sleep(write.takesMs);
      return write.answer.kind === "ok";
    },
  };
}

async function look(
  world: JudgedWorld,
  from: Place,
  { fqdn, timeoutMs }: SqlTarget,
): Promise<SqlLook> {
  const instance = instanceAt(world, fqdn);
  if (instance === "no-name" || instance === "timeout")
    return refused({ kind: "no-name", said: "ENOTFOUND" });
  const seen = answersNow(world, from, instance, timeoutMs);
  const databases = statesSeen(world, from, instance);
  if (seen.takesMs > 0) await world.clock.sleep(seen.takesMs);
  const { login, write } = seen;
  // Who refuses the write of a login that worked is asked whether the instance serves otherwise.
  if (login.kind === "ok" && write.kind === "error")
    return { login, write, master: SPEAKS, databases };
  if (login.kind === "ok") return { login, write, master: NOT_ASKED, databases };
  // Only where databases are lost one by one does the server still speak for itself.
  return databases.length > 1 ? { ...refused(login), master: SPEAKS, databases } : refused(login);
}

const SPEAKS: SqlAnswer = { kind: "ok", latencyMs: 20 };

interface Seen {
  readonly login: SqlAnswer;
  readonly write: SqlAnswer;
  readonly takesMs: number;
}

/** Both steps at the instant at which the look begins, so that no change comes in between. */
function answersNow(
  world: JudgedWorld,
  from: Place,
  instance: GroupPlace,
  timeoutMs: number,
): Seen {
  const login = loginTo(world, from, instance, timeoutMs);
  const write = writeTo(world, from, instance, timeoutMs);
  // The canary keeps a connection of its own: a row that was committed is life, whatever the login met.
  const alone = from === "A" && world.roles.told(world.now()) === instance;
  if (login.answer.kind !== "ok" && alone && write.answer.kind === "ok") {
    return { login: write.answer, write: write.answer, takesMs: write.takesMs };
  }
  if (login.answer.kind !== "ok") {
    return { login: login.answer, write: NOT_ASKED, takesMs: login.takesMs };
  }
  return {
    login: login.answer,
    write: afterLogin(write.answer, login.takesMs),
    takesMs: Math.max(login.takesMs, write.takesMs),
  };
}

/** A look has one deadline, and what is slow is the whole of it; a canary that was not tried says nothing. */
function afterLogin(write: SqlAnswer, loginMs: number): SqlAnswer {
  if (write.kind === "no-name") return NOT_ASKED;
  if (write.kind !== "ok") return write;
  return { kind: "ok", latencyMs: Math.max(0, write.latencyMs - loginMs) };
}

/** A server that refuses one login of ours refuses the next: `master` is no better. */
function refused(login: SqlAnswer): SqlLook {
  const master = login.kind === "error" ? login : NOT_ASKED;
  return { login, write: NOT_ASKED, master, databases: null };
}

function statesSeen(
  world: JudgedWorld,
  from: Place,
  instance: GroupPlace,
): z.infer<typeof DatabaseState>[] {
  const source = sourceOf(world, from, instance);
  const signal = source === null ? null : world.read(source);
  if (signal?.kind !== "partial") return [{ name: CANARY, state: "online" }];
  const { failed, databases } = signal;
  return Array.from({ length: databases }, (_, index) => ({
    name: index === 0 ? CANARY : `${CANARY}-${index}`,
    // The last ones fail, so that the canary's own is the last to go.
    state: index >= databases - failed ? "lost" : "online",
  }));
}

function replicationRow(world: JudgedWorld, instance: GroupPlace) {
  const now = world.now();
  const primary = world.roles.primary(now) === instance;
  const ours = world.roles.told(now) !== world.roles.primary(now);
  const commitAt = primary
    ? ours
      ? now
      : world.commits.onPrimary(now)
    : world.commits.onSecondary(now);
  return {
    database: CANARY,
    lagSeconds: primary ? lagNow(world) : null,
    lastCommitAgeMs: commitAt === null ? null : Math.max(0, Math.round(now - commitAt)),
    lastCommitMark: commitAt === null ? null : Math.round(commitAt),
  };
}

/**
 * The lag as the newest sample has it. One that is no older than a tick was taken now; an older one
 * counts its age, and one that is too old is none.
 */
function lagNow({ read, incidentFile }: JudgedWorld): number | null {
  const lagS = read("repl_lag_s");
  const ageMs = read("repl_lag_age_s") * 1_000;
  const { tickMs, lagMaxAgeMs } = incidentFile.config;
  if (lagS === "unknown" || ageMs > lagMaxAgeMs) return null;
  return ageMs > tickMs ? lagS + ageMs / 1_000 : lagS;
}

/** The instance behind a name: its own, or the one to which the listener's name leads now. */
function instanceAt(world: JudgedWorld, fqdn: string): GroupPlace | "no-name" | "timeout" {
  for (const place of ["A", "B"] as const) {
    if (fqdn.toLowerCase() === `${serverName(place)}.${ZONE}`) return place;
  }
  const listener = world.read("dns_listener");
  if (listener === "servfail") return "no-name";
  if (listener === "timeout") return listener;
  const now = world.now();
  const moved = world.roles.primary(now) !== world.roles.told(now);
  return moved ? otherPlace(world.roles.told(now)) : listener;
}

function serverName(place: GroupPlace): string {
  return `mi-orders-${place.toLowerCase()}`;
}
