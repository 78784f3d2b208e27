// The forms that a signal's value may take, one reader per form. A reader answers `null` for what it
// does not know: it never guesses.

import { ARM_ERRORS } from "../shared/azure/arm-errors.ts";

export type RawValue = string | number;

/** How one kind of value is read, and what it may look like, for whoever wrote another. */
export interface Form<Value> {
  readonly says: string;
  read(raw: RawValue): Value | null;
}

export type SqlSignal =
  | { readonly kind: "ok" }
  | { readonly kind: "timeout" }
  | { readonly kind: "silent" }
  | { readonly kind: "dns-fail" }
  | { readonly kind: "error"; readonly number: number }
  | { readonly kind: "network"; readonly code: string }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "flaky"; readonly fraction: number }
  | {
      readonly kind: "partial";
      readonly failed: number;
      readonly databases: number;
      readonly number: number;
    };

/** What one side of Resource Manager answers. */
export type ArmSignal =
  | { readonly kind: "state"; readonly state: string }
  | { readonly kind: "refuses"; readonly code: string }
  | { readonly kind: "timeout" | "5xx" | "throttled" | "unknown" };

export interface ActivitySignal {
  readonly what: string;
  /** Azure's code, where something failed. */
  readonly code: string | null;
  readonly by: string;
  readonly ours: boolean;
  /** It names nobody: whose it is, the rest of the incident tells. */
  readonly nameless: boolean;
}

export type OrchestratorSignal =
  | { readonly kind: "redelivered"; readonly epoch: number }
  | { readonly kind: "stalled" }
  | { readonly kind: "resumed" }
  | { readonly kind: "token-cached"; readonly untilMs: number };

/** A database that is Inaccessible answers with one of the numbers for databases that do not serve. */
const INACCESSIBLE = 945;
const UNAVAILABLE = 40613;
const ERROR_NAMES: Readonly<Record<string, number>> = {
  db_inaccessible: INACCESSIBLE,
  db_unavailable: UNAVAILABLE,
  login_failed: 18456,
  read_only: 3906,
  firewall: 40615,
  permission_denied: 229,
  too_busy: 10928,
};
const NETWORK_NAMES: Readonly<Record<string, string>> = {
  connection_refused: "ECONNREFUSED",
  connection_reset: "ECONNRESET",
};
/** Any code and any word, listed or not: what is made of it is the app's business. */
const ANY_WORD = /^\S.{0,199}$/;

export const SQL: Form<SqlSignal> = {
  says: "ok, timeout, silent, dns_fail, err:<SQL error number, name or any network code>, slow:<ms>, flaky:<fraction>, partial:<failed>/<databases>[_err:<number>]",
  read: (raw) => {
    switch (raw) {
      case "ok":
      case "timeout":
      case "silent":
        return { kind: raw };
      case "dns_fail":
        return { kind: "dns-fail" };
      default:
        return typeof raw === "string" ? readSqlDetail(raw) : null;
    }
  },
};

function readSqlDetail(raw: string): SqlSignal | null {
  const [, head = "", rest = ""] = /^(err|slow|flaky|partial):(.+)$/.exec(raw) ?? [];
  switch (head) {
    case "err":
      return readError(rest);
    case "slow": {
      const ms = decimal(rest);
      return ms === null ? null : { kind: "slow", ms };
    }
    case "flaky": {
      const fraction = decimal(rest);
      return fraction === null || fraction > 1 ? null : { kind: "flaky", fraction };
    }
    case "partial":
      return readPartial(rest);
    default:
      return null;
  }
}

function readError(name: string): SqlSignal | null {
  if (/^\d{1,15}$/.test(name)) return { kind: "error", number: Number(name) };
  const number = ERROR_NAMES[name];
  if (number !== undefined) return { kind: "error", number };
  const code = NETWORK_NAMES[name] ?? name;
  return ANY_WORD.test(code) ? { kind: "network", code } : null;
}

function readPartial(rest: string): SqlSignal | null {
  const parts = /^(\d+)\/(\d+)(?:_err:(\d{1,9}))?$/.exec(rest);
  if (parts === null) return null;
  const [failed, databases, number] = parts.slice(1).map((part) => Number(part ?? UNAVAILABLE));
  if (failed === undefined || databases === undefined || number === undefined) return null;
  return databases < 1 || failed > databases
    ? null
    : { kind: "partial", failed, databases, number };
}

export const ARM_SIDE: Form<ArmSignal> = {
  says: "an instance state (Ready, Updating, Stopped …, or one that nobody knows), timeout, 5xx, throttled_429, unknown, a documented ARM error code, or err:<any code>",
  read: (raw) => {
    switch (raw) {
      case "timeout":
      case "5xx":
      case "unknown":
        return { kind: raw };
      case "throttled_429":
        return { kind: "throttled" };
      default: {
        const code = errorIn(raw);
        if (code !== null) return { kind: "refuses", code };
        const state = anyWord("").read(raw);
        if (state === null) return null;
        return ARM_ERRORS.has(state) ? { kind: "refuses", code: state } : { kind: "state", state };
      }
    }
  },
};

export const SERVICE_HEALTH: Form<string> = {
  says: "none, issue:<service>:<region or global>",
  read: (raw) => (typeof raw === "string" && /^(none|issue:[^:]+:[^:]+)$/.test(raw) ? raw : null),
};

/** The name of the alert that fired; the empty text when none has. */
export const ALERTS: Form<string> = {
  says: "none, fired:<name>",
  read: (raw) => {
    if (raw === "none") return "";
    return typeof raw === "string" ? (/^fired:(.+)$/.exec(raw)?.[1] ?? null) : null;
  },
};

/** `{ what: "none" }` where nothing was logged. */
export const ACTIVITY: Form<ActivitySignal> = {
  says: "none, <what>[:<who>], planned_failover_failed:<code>[:<who>]",
  read: (raw) => {
    if (typeof raw !== "string") return null;
    const [what = "", ...rest] = raw.split(":");
    if (what === "none") return rest.length === 0 ? NOTHING_LOGGED : null;
    if (!/^[A-Za-z][\w./ -]*$/.test(what)) return null;
    const failed = what === "planned_failover_failed";
    const code = failed ? rest.shift() : null;
    if (code === undefined || code === "") return null;
    const who = rest.join(":");
    if (rest.length > 0 && who === "") return null;
    const ours = /^orchestrator(\(.*\))?$/.test(who);
    const nameless = who === "" || who === "-";
    return { what, code, by: nameless ? "unknown" : who, ours, nameless };
  },
};

const NOTHING_LOGGED: ActivitySignal = {
  ...{ what: "none", code: null, by: "unknown" },
  ...{ ours: false, nameless: true },
};

export const ORCHESTRATOR: Form<OrchestratorSignal> = {
  says: "activity_redelivered(<epoch>), stalled, resumed, token_cached_valid_until:<t_s>",
  read: (raw) => {
    if (raw === "stalled" || raw === "resumed") return { kind: raw };
    if (typeof raw !== "string") return null;
    const epoch = /^activity_redelivered\((?:epoch)?(\d{1,9})\)$/.exec(raw)?.[1];
    if (epoch !== undefined)
      return Number(epoch) > 0 ? { kind: "redelivered", epoch: Number(epoch) } : null;
    const until = decimal(/^token_cached_valid_until:(.+)$/.exec(raw)?.[1] ?? "");
    return until === null ? null : { kind: "token-cached", untilMs: until * 1_000 };
  },
};

/** One of these words. Numbers are read as they would be written: 403 is "403". */
export function words<const Word extends string>(...known: readonly Word[]): Form<Word> {
  return {
    says: known.join(", "),
    read: (raw) => known.find((word) => word === String(raw)) ?? null,
  };
}

/** One of the words that somebody else gives, or any that we have never seen. */
export function anyWord(known: string): Form<string> {
  return {
    says: `${known}, or any other word`,
    read: (raw) => (ANY_WORD.test(String(raw)) ? String(raw) : null),
  };
}

/** One of these words, or any code of the network. */
export function wordsOrCode<const Word extends string>(
  ...known: readonly Word[]
): Form<Word | { readonly code: string }> {
  const listed = words(...known);
  return {
    says: `${listed.says}, err:<any network code>`,
    read: (raw) => {
      const code = errorIn(raw);
      return code === null ? listed.read(raw) : { code: NETWORK_NAMES[code] ?? code };
    },
  };
}

/** The code of `err:<code>`; null where it is in another form. */
function errorIn(raw: RawValue): string | null {
  const code = /^err:(.+)$/.exec(String(raw))?.[1] ?? "";
  return ANY_WORD.test(code) ? code : null;
}

/** A number of at least zero and at most `most`. */
export function amount(says: string, most = Number.MAX_SAFE_INTEGER): Form<number> {
  return {
    says,
    read: (raw) => {
      const value = typeof raw === "number" ? raw : decimal(raw);
      return value !== null && Number.isFinite(value) && value >= 0 && value <= most ? value : null;
    },
  };
}

/** The same, or the word `unknown`. */
export function amountOrUnknown(says: string, most?: number): Form<number | "unknown"> {
  const known = amount(says, most);
  return {
    says: `${says}, or unknown`,
    read: (raw) => (raw === "unknown" ? raw : known.read(raw)),
  };
}

function decimal(text: string): number | null {
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : null;
}
