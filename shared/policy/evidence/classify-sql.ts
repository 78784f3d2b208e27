import type { NetworkCode } from "../../domain/observation.ts";

/** What one SQL error number or network code says about the server that gave it. */
export type Meaning =
  /** It spoke: whatever it refused, it lives. */
  | "alive"
  /** It, or the gateway before it, says that the database cannot be used now. */
  | "not-serving"
  /** The storage or the log beneath the database fails: it cannot be used, and a move may not mend it. */
  | "storage-failed"
  /** The connection was cut or never made: nobody spoke. */
  | "no-answer"
  /** This one database was not opened; the instance behind it spoke. */
  | "database-refused"
  /** The database is read-only: it lives, and the roles must be read again. */
  | "refused-write"
  /** We could not look. */
  | "blind";

export interface CodeRow {
  readonly code: string;
  readonly means: Meaning;
  readonly says: string;
}

function rows(means: Meaning, says: string, codes: readonly (number | string)[]): CodeRow[] {
  return codes.map((code) => ({ code: String(code), means, says }));
}

/** The write reached the database, and the canary's table or our right to it is missing. */
const CANARY_NUMBERS = [208, 229, 230, 262, 297, 300, 916];
export const CANARY_CODES: readonly string[] = CANARY_NUMBERS.map(String);

/** Every SQL error number we know. A number that is not here was still sent by a server: alive. */
export const SQL_ROWS: readonly CodeRow[] = [
  ...rows(
    "alive",
    "login refused: identity trouble, the server lives",
    [18452, 18456, 18470, 18487],
  ),
  ...rows("alive", "client address refused by the firewall", [40615, 47073]),
  ...rows("alive", "permission refused", [229, 230, 262, 297, 300, 916]),
  ...rows(
    "database-refused",
    "the database was not opened; master tells the rest",
    [615, 911, 4060, 4064],
  ),
  ...rows("alive", "a readable secondary that waits for row versions", [4221]),
  ...rows("alive", "intent or read-only routing refused by a living replica", [978, 979, 982]),
  ...rows(
    "alive",
    "busy or throttled: it spoke",
    [10928, 10929, 40501, 40642, 40648, 40675, 40903, 49918, 49919, 49920],
  ),
  ...rows(
    "alive",
    "a management operation is refused or busy",
    [33123, 40671, 40918, 45153, 45156, 45157, 45161, 45179, 45182, 49510, 49983],
  ),
  ...rows("alive", "replica building; says nothing of the database", [35216, 35218, 35256]),
  ...rows("alive", "fabric trouble in a background task", [41614, 41619, 41640, 41700, 41701]),
  ...rows(
    "alive",
    "the write itself was refused by the database",
    [208, 547, 1105, 1205, 1222, 2627, 8645, 9002, 40544],
  ),
  ...rows("alive", "the name asked for is not served here", [40532]),
  ...rows("refused-write", "read-only database: roles may have moved", [3906, 3908]),
  ...rows("not-serving", "database not available: reconfiguration or worse", [40613, 49802]),
  ...rows("not-serving", "the service failed on the request", [40143, 40166, 40197, 40540]),
  ...rows(
    "not-serving",
    "database suspect, offline, recovering or inaccessible",
    [922, 924, 926, 927, 942, 945, 946, 951],
  ),
  ...rows("not-serving", "replica in no role that serves, or without quorum", [976, 983, 988]),
  ...rows("not-serving", "connections are not accepted", [6005, 17142, 17187, 18401]),
  ...rows(
    "storage-failed",
    "storage or log beneath the database fails",
    [605, 823, 824, 829, 832, 1101, 3314, 5102, 5180, 9001, 9004],
  ),
  ...rows("no-answer", "cut before or during login", [26, 40, 64, 121, 233]),
  ...rows("no-answer", "transport cut or timed out", [10053, 10054, 10060, 10061]),
  ...rows("blind", "the name was not resolved", [11001]),
];

/**
 * Every network code we know. Whoever answered in TLS spoke, whatever we think of the certificate; only the
 * first row speaks against a server, and a code that is in no row speaks neither for nor against it.
 */
export const NETWORK_ROWS: readonly CodeRow[] = [
  ...rows("no-answer", "refused, reset or unroutable", [
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EPIPE",
    "ETIMEDOUT",
    "ETIMEOUT",
  ]),
  ...rows("blind", "the name was not resolved", ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "SERVFAIL"]),
  ...rows("alive", "any code of a certificate or of TLS: somebody answered, of whatever trust", [
    "tls",
  ]),
  ...rows("alive", "the server answered that it does not encrypt", ["EENCRYPT"]),
  ...rows("blind", "no token to log in with", ["EFEDAUTH"]),
  ...rows("blind", "any other code of the network", ["other"]),
];

const SQL_MEANING = new Map(SQL_ROWS.map((row) => [row.code, row.means]));
const NETWORK_MEANING = new Map(NETWORK_ROWS.map((row) => [row.code, row.means]));

/** The meaning of an error that a server gave. An unknown number is an answer, so it is life; so is an error without one. */
export function meaningOfSql(number: number | null): Meaning {
  return SQL_MEANING.get(String(number)) ?? "alive";
}

/** Whether a table has that number; one that none has shows life, and nothing else. */
export function isListedNumber(number: number | null): boolean {
  return SQL_MEANING.has(String(number));
}

/** The meaning of a code of the network below SQL: each has a row, those that we do not know one together. */
export function meaningOfNetwork(code: NetworkCode): Meaning {
  return NETWORK_MEANING.get(code) ?? "blind";
}
