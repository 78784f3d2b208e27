import type { SecondarySql } from "../domain/facts.ts";
import { meaningOfSql } from "./classify-sql.ts";

/**
 * Names what one question to the secondary came to: null when it was answered, or else why it was not,
 * as `error-<number>` or by how the way to it ended. A server that refuses us answers; one that does not
 * serve, or lets the probe time out, is silent.
 */
export function nameSecondary(failedBecause: string | null): SecondarySql {
  const number = failedBecause === null ? undefined : /^error-(\d+)$/.exec(failedBecause)?.[1];
  switch (number === undefined ? failedBecause : meaningOfSql(Number(number))) {
    case "timeout":
    case "unreachable":
    case "no-answer":
    case "not-serving":
      return "silent";
    case "no-name":
    case "no-token":
    case "blind":
      return "unknown";
    default:
      return "answers";
  }
}
