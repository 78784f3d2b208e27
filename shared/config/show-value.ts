import type { Path } from "./complaint.ts";

const NOT_SHOWN = "(not shown)";
const LENGTH_MAX = 80;
/** What gives a secret away that was written where none belongs. */
const SECRET = /\/\/[^/\s]*@|(sig|code|key|token|password|pwd|secret)=/i;

/** Shows a value in an error, unless it is or may hold a secret. */
export function showValue(path: Path, value: unknown): string {
  if (path[0] === "notify") return NOT_SHOWN;
  if (value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value !== "string") return String(value);
  if (SECRET.test(value)) return NOT_SHOWN;
  const shown = JSON.stringify(withoutUrlPaths(value));
  return shown.length > LENGTH_MAX ? `${shown.slice(0, LENGTH_MAX)}…` : shown;
}

/** The path of a webhook is its secret, and somebody will paste one under the wrong key. */
function withoutUrlPaths(text: string): string {
  return text.replace(/(https?:\/\/[^/\s?#]+)[/?#]\S+/gi, "$1/…");
}
