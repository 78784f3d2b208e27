/** A kind of answer that somebody outside gives us. */
export type AnswerKind =
  | "resource"
  | "list"
  | "health"
  | "logs"
  | "vault"
  | "token"
  | "rows"
  | "report"
  | "sql"
  | "status-only";

/**
 * How large each kind of answer may be, in bytes as they are when unpacked: ten times the largest that was
 * ever recorded, errors included. What is larger is let go before it is parsed, as `answer-too-large`.
 */
export const ANSWER_SIZES: Readonly<
  Record<AnswerKind, { readonly bytes: number; readonly of: string }>
> = {
  resource: { bytes: 40_000, of: "one thing of Resource Manager, an operation, a request" },
  // A page is 200 entries at most, of 1 KB each.
  list: { bytes: 2_000_000, of: "one page of a list of Resource Manager" },
  health: { bytes: 40_000, of: "Resource Health" },
  logs: { bytes: 90_000, of: "Log Analytics: one row, or an error" },
  vault: { bytes: 8_000, of: "a key, a wrapped sample" },
  // In recordings tokens are cut out; those with many claims have some 6 KB.
  token: { bytes: 64_000, of: "the identity endpoint" },
  // The service sends 4 MiB at most, in which quotes count double.
  rows: { bytes: 8_388_608, of: "rows of a store" },
  // Twenty looks at an instance of a hundred databases have some 100 KB.
  report: { bytes: 1_000_000, of: "what another site reports, or its status" },
  // A hundred databases with the longest names say some 100 KB, logging in included.
  sql: { bytes: 1_000_000, of: "one connection to an instance, in all" },
  "status-only": { bytes: 0, of: "the webhook, capacity pages, another site's tick" },
};
