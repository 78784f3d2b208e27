import { parsedJson } from "../parsed-json.ts";
import { azureWord } from "../presentable.ts";

const DEPTH_MAX = 5;
/** Words that nobody writes by chance, and that tell one refusal from another. */
const KNOWN_WORDS = [
  "ForbiddenByFirewall",
  "ForbiddenByConnection",
  "ForbiddenByRbac",
  "ObjectIsDeletedButRecoverable",
  "KeyNotFound",
  "KeyDisabled",
];

/** The innermost code of a vault's error body, which tells one 403 from another; null where there is none. */
export function vaultCode(bodyText: string): string | null {
  const body = parsedJson(bodyText);
  if (body === undefined) return knownWord(bodyText);
  let code: string | null = null;
  let at = fieldOf(body, "error");
  for (let depth = 0; depth < DEPTH_MAX && at !== undefined; depth++) {
    code = azureWord(fieldOf(at, "code")) ?? code;
    at = fieldOf(at, "innererror");
  }
  return code;
}

/** A body that is cut off, or stands in a page of some gateway, is no JSON: what it says it says all the same. */
function knownWord(bodyText: string): string | null {
  const text = bodyText.toLowerCase();
  return KNOWN_WORDS.find((word) => text.includes(word.toLowerCase())) ?? null;
}

/** Whether a vault's answer is a definite no, as opposed to one that may be another the next time. */
export function isDefinite(status: number, code: string | null): boolean {
  // A page of some edge has no code, and a token that is not accepted is trouble of our own identity.
  return code !== null && status >= 400 && status <= 499 && ![401, 408, 429].includes(status);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}
