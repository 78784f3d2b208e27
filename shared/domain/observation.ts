import * as z from "zod";
import { Side } from "./group.ts";
import { DurationMs, Instant } from "./units.ts";

/**
 * How the network, or TLS, ends what it does not carry: closed, since some of it tells for and some against a server.
 * `tls` is every code of a certificate or of the bytes of TLS; `other` what we have never seen, and is nobody's silence.
 */
export const NetworkCode = z.enum([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "ETIMEOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "SERVFAIL",
  "tls",
  "EENCRYPT",
  "EFEDAUTH",
  "other",
]);
export type NetworkCode = z.infer<typeof NetworkCode>;

/** What came back of one step of a look, before anybody judges it. */
export const SqlAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ok"), latencyMs: DurationMs }),
  /** The server spoke and refused: number of the SQL error, or null where it gave none. */
  z.object({ kind: z.literal("error"), number: z.number().int().nullable(), code: z.string() }),
  /** No end within the probe timeout. */
  z.object({ kind: z.literal("timeout"), phase: z.enum(["connect", "login", "query"]) }),
  /** Refused, reset or otherwise cut by the network. */
  z.object({ kind: z.literal("unreachable"), code: NetworkCode, said: z.string() }),
  /** The gateway took the login and sent it on to a node that nobody reached. */
  z.object({ kind: z.literal("lost-redirect"), how: z.enum(["timed-out", "refused"]) }),
  z.object({ kind: z.literal("no-name"), said: z.string() }),
  z.object({ kind: z.literal("no-token"), code: z.string() }),
  z.object({ kind: z.literal("not-asked") }),
]);
export type SqlAnswer = z.infer<typeof SqlAnswer>;

/** Why a question over SQL got no answer: the server's own number, or how the way to it ended. */
export type SqlFailure =
  | { readonly because: "timeout" | "unreachable" | "no-name" | "no-token" }
  | { readonly because: "error"; readonly number: number | null; readonly said: string };

export const DatabaseState = z.object({
  name: z.string(),
  /** `lost` is what SQL Server says of a database that nobody may use, `unknown` a word that we do not know. */
  state: z.enum(["online", "restoring", "copying", "lost", "unknown"]),
});
export type DatabaseState = z.infer<typeof DatabaseState>;

/** One look of one vantage at one instance, raw. */
export const SqlLook = z.object({
  /** Login to the canary's database, or to master where no canary is configured. */
  login: SqlAnswer,
  /** The timed committed write to the canary table. */
  write: SqlAnswer,
  /** Login to master, asked only when the canary's database refused our login or our write. */
  master: SqlAnswer,
  /** Null when they could not be listed. */
  databases: z.array(DatabaseState).nullable(),
});
export type SqlLook = z.infer<typeof SqlLook>;

export const Reach = z.enum(["ok", "failed", "unknown"]);

/** The five results of a look (docs/glossary.md). */
export const LookResult = z.enum(["writes", "alive", "not-serving", "no-answer", "blind"]);
export type LookResult = z.infer<typeof LookResult>;

export const Vote = z.enum(["up", "down", "abstain"]);
export type Vote = z.infer<typeof Vote>;

/** One look as its own site judged it. Instants are on the clock of whoever holds the record. */
export const Observation = z.object({
  vantage: z.string(),
  region: z.string(),
  /** Which instance was looked at, by configured side. */
  target: Side,
  result: LookResult,
  /** Why: a SQL error number, a network code or a reason in kebab-case. */
  code: z.string(),
  latencyMs: DurationMs.nullable(),
  /** Logins work but these databases of the group do not serve. */
  failedDatabases: z.array(z.string()),
  /** The region reference of the target's region, as this vantage reached it. */
  regionReference: Reach,
  startedAt: Instant,
  endedAt: Instant,
});
export type Observation = z.infer<typeof Observation>;
