import type { SqlAnswer, SqlFailure } from "../../domain/observation.ts";

/** What a failed reading is called: the server's own number, or how the way to it ended. */
export function failureName(answer: SqlAnswer): SqlFailure {
  switch (answer.kind) {
    case "error":
      return { because: "error", number: answer.number, said: answer.code };
    case "lost-redirect":
      return { because: "unreachable" };
    case "timeout":
    case "unreachable":
    case "no-name":
    case "no-token":
      return { because: answer.kind };
    case "ok":
    case "not-asked":
      return { because: "error", number: null, said: "not-asked" };
    default:
      return answer satisfies never;
  }
}
