import type { SecondarySql } from "../../domain/facts.ts";
import type { SqlFailure } from "../../domain/observation.ts";
import { isListedNumber, meaningOfSql } from "./classify-sql.ts";

/**
 * Names what one question to the secondary came to: null when it was answered, or else why it was not.
 * A server that refuses us answers; one that does not serve, or lets the probe time out, is silent; what
 * says no number may be no SQL server at all, and a number that we have never seen proves nothing of it.
 */
export function nameSecondary(failure: SqlFailure | null): SecondarySql {
  if (failure === null) return "answers";
  switch (failure.because) {
    case "timeout":
    case "unreachable":
      return "silent";
    case "no-name":
    case "no-token":
      return "unknown";
    case "error":
      return nameNumber(failure.number);
    default:
      return failure satisfies never;
  }
}

function nameNumber(number: number | null): SecondarySql {
  if (!isListedNumber(number)) return "unknown";
  const meaning = meaningOfSql(number);
  switch (meaning) {
    case "no-answer":
    case "not-serving":
    case "storage-failed":
      return "silent";
    case "blind":
      return "unknown";
    case "alive":
    case "database-refused":
    case "refused-write":
      return "answers";
    default:
      return meaning satisfies never;
  }
}
