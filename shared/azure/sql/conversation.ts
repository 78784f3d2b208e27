import type { TokenCredential } from "@azure/identity";
import type { SqlAnswer } from "../../domain/observation.ts";
import type { Clock } from "../../ports/clock.ts";
import { createDeadline, type Deadline } from "../../ports/deadline.ts";
import { type Dial, dialTcp } from "./dial.ts";
import type { Encryption, Login, Session, SessionOrder } from "./session.ts";

export type SqlCredential =
  | { readonly kind: "token"; readonly credential: TokenCredential }
  | { readonly kind: "password"; readonly userName: string; readonly password: string };

export interface SqlOptions {
  readonly credential: SqlCredential;
  readonly clock: Clock;
  /** Names this site's row in the canary table, and us in the server's own lists. */
  readonly appName?: string;
  /** Only for servers that are not on the network that everybody is on. */
  readonly connect?: { readonly dial: Dial; readonly encryption: Encryption };
  /** Given where loading must take no time; otherwise it is loaded when it is first needed. */
  readonly createSession?: (order: SessionOrder) => Session;
}

export type Opening =
  | { readonly kind: "open"; readonly session: Session; readonly latencyMs: number }
  | { readonly kind: "failed"; readonly answer: SqlAnswer };

/** Logs in to one database of one server, on a connection of its own. */
export type Open = (fqdn: string, database: string) => Promise<Opening>;

const PORT = 1433;

/** Runs one call with a deadline, and closes what it has opened. */
export async function converse<T>(
  options: SqlOptions,
  timeoutMs: number,
  work: (open: Open) => Promise<T>,
): Promise<T> {
  const { clock } = options;
  const deadline = createDeadline(clock, timeoutMs);
  const sessions: Session[] = [];
  try {
    return await work(async (fqdn, database) => {
      const startedAt = clock.now();
      const made = await makeSession(options, deadline, { fqdn, database, timeoutMs });
      if (made.kind === "failed") return made;
      sessions.push(made.session);
      const end = await made.session.open();
      if (end.kind === "failed") return end;
      return { kind: "open", session: made.session, latencyMs: since(clock, startedAt) };
    });
  } finally {
    deadline.end();
    for (const session of sessions) session.close();
  }
}

/** How long ago that was; a clock that was set back in between says no less than nothing. */
export function since(clock: Clock, startedAt: number): number {
  return Math.max(0, clock.now() - startedAt);
}

/** Gets what a session needs: the token first, so that without one nothing is opened. */
async function makeSession(
  options: SqlOptions,
  deadline: Deadline,
  order: { readonly fqdn: string; readonly database: string; readonly timeoutMs: number },
): Promise<{ kind: "made"; session: Session } | { kind: "failed"; answer: SqlAnswer }> {
  const { connect = { dial: dialTcp, encryption: { kind: "public" } } } = options;
  const host = order.fqdn.toLowerCase();
  const login = await deadline.race(loginOf(options.credential, host).catch(() => null));
  if (login === null || login === "late") {
    const code = login === "late" ? "token-timed-out" : "token-not-obtained";
    return { kind: "failed", answer: { kind: "no-token", code } };
  }
  try {
    const createSession = options.createSession ?? (await deadline.race(load()));
    if (createSession === "late") return { kind: "failed", answer: { kind: "not-asked" } };
    const session = createSession({
      host,
      port: PORT,
      database: order.database,
      login,
      appName: options.appName ?? "geo-failover",
      encryption: connect.encryption,
      dial: connect.dial,
      timeoutMs: order.timeoutMs,
      signal: deadline.signal,
    });
    return { kind: "made", session };
  } catch {
    // Our own trouble is nobody else's: a step that was not taken says nothing of the server.
    return { kind: "failed", answer: { kind: "not-asked" } };
  }
}

async function load(): Promise<NonNullable<SqlOptions["createSession"]>> {
  const { createSession } = await import("./session.ts");
  return createSession;
}

async function loginOf(credential: SqlCredential, host: string): Promise<Login | null> {
  switch (credential.kind) {
    case "token": {
      const answer = await credential.credential.getToken(scopeOf(host));
      return answer === null ? null : { kind: "token", token: answer.token };
    }
    case "password": {
      const { userName, password } = credential;
      return { kind: "password", userName, password };
    }
    default:
      return credential satisfies never;
  }
}

/** The cloud that an instance is in is the end of its name. */
function scopeOf(host: string): string {
  const cloud = /\bdatabase\.(?:usgovcloudapi\.net|chinacloudapi\.cn)$/.exec(host)?.[0];
  return `https://${cloud ?? "database.windows.net"}/.default`;
}
