import type { SqlAnswer } from "../../domain/observation.ts";
import type { SqlFailure } from "../../ports/sql.ts";

/** What a failed reading is called: the server's own number, or how the way to it ended. */
export function failureName(answer: SqlAnswer): SqlFailure {
  switch (answer.kind) {
    case "error":
      return `error-${answer.number ?? answer.code}`;
    case "timeout":
    case "unreachable":
    case "no-name":
    case "no-token":
      return answer.kind;
    case "ok":
    case "not-asked":
      return "error-not-asked";
    default:
      return answer satisfies never;
  }
}
