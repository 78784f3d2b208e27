import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Purpose } from "../domain/purpose.ts";
import { NETWORK_ROWS, SQL_ROWS } from "./evidence/classify-sql.ts";
import { DIAGNOSES } from "./evidence/diagnose.ts";
import { GUARDS } from "./guards/guards.ts";
import { FAILBACK_TABLE } from "./rules/decide-failback.ts";
import { FAILOVER_TABLE } from "./rules/decide-failover.ts";

// The sentences of the tables, for whoever speaks of a decision: messages and explanations use the same ones.

/** What a look comes to without a code of SQL or of the network. */
const LOOK_SAYS: Readonly<Record<string, string>> = {
  ok: "it takes writes",
  "no-name": "the name was not resolved",
  "no-token": "no token to log in with",
  "reference-failed": "its own reference gives no answer either",
  "stood-still": "the site itself stood still",
  "no-canary": "it logs in, and there is no canary to write to",
  "connect-timed-out": "no connection in time",
  "login-timed-out": "no login in time",
  "query-timed-out": "no answer to a query in time",
  "write-timed-out": "it logs in, and the write does not end",
  "write-cut": "it logs in, and the write is cut",
  "redirect-timed-out": "the gateway answers, and what it redirects to does not",
  "redirect-refused": "the gateway answers, and what it redirects to refuses",
};

/** The sentence of a rule. */
export function ruleSays(id: string, purpose: Purpose): string {
  if (id === "refused-by-check") return "the second opinion found that acting would be wrong";
  const table: readonly { readonly id: string; readonly says: string }[] =
    purpose === "fail-over" ? FAILOVER_TABLE : FAILBACK_TABLE;
  return table.find((rule) => rule.id === id)?.says ?? "this release has no such rule";
}

/** What mode automatic would have done, for whoever only observes. */
export function wouldHaveSays(
  { rule, verdict }: Readonly<Record<string, string | number | null>>,
  purpose: Purpose,
): string {
  const would =
    verdict === "fail-over" ? "failed over" : verdict === "ask" ? "asked" : "sent nothing";
  return `In mode automatic it would have ${would}: ${ruleSays(String(rule), purpose)}`;
}

/** The sentence of a diagnosis. */
export function diagnosisSays(diagnosis: Diagnosis): string {
  return DIAGNOSES.find((row) => row.diagnosis === diagnosis)?.says ?? "not known to this release";
}

/** The sentence of a guard. */
export function guardSays(id: string): string {
  const rows = [...GUARDS.absolute, ...GUARDS.liftable];
  return rows.find(({ guard }) => guard === id)?.says ?? id;
}

/** What the code of a look means, the code behind it: it can be searched for. */
export function answerSays(code: string): string {
  const row = [...SQL_ROWS, ...NETWORK_ROWS].find((one) => one.code === code);
  const says = LOOK_SAYS[code] ?? row?.says ?? "an answer that no table has";
  return `${says} (${code})`;
}

/** Why nobody knows how much would be lost. */
export function lossUnknownSays(because: string): string {
  const [why = ""] = because.split(" ", 1);
  return LOSS_UNKNOWN[why] ?? "the reason is not known to this release";
}

const LOSS_UNKNOWN: Readonly<Record<string, string>> = {
  "no-onset": "no outage runs from which it could be counted",
  "no-evidence": "no measurement tells how far the secondary had followed",
  "negative-bound": "the primary has taken writes since, so it began later than it seemed",
  "bounds-contradict": "the secondary lacks what the best measurement calls safe",
  "not-measured": "nothing has been measured yet",
};
