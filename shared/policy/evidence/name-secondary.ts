import type { SecondarySql } from "../../domain/facts.ts";
import { meaningOfSql } from "./classify-sql.ts";

/**
 * Names what one question to the secondary came to: null when it was answered, or else why it was not,
 * as `error-<number>` or by how the way to it ended. A server that refuses us answers; one that does not
 * serve, or lets the probe time out, is silent; what says no number may be no SQL server at all.
 */
export function nameSecondary(failedBecause: string | null): SecondarySql {
  if (failedBecause === null) return "answers";
  if (failedBecause === "timeout" || failedBecause === "unreachable") return "silent";
  const number = /^error-(\d+)$/.exec(failedBecause)?.[1];
  if (number === undefined) return "unknown";
  switch (meaningOfSql(Number(number))) {
    case "no-answer":
    case "not-serving":
      return "silent";
    case "blind":
      return "unknown";
    default:
      return "answers";
  }
}
