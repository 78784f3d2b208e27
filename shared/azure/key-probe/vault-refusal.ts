import { parsedJson } from "../parsed-json.ts";
import { azureWord } from "../presentable.ts";

const DEPTH_MAX = 5;

/** The innermost code of a vault's error body, which tells one 403 from another; null where there is none. */
export function vaultCode(bodyText: string): string | null {
  let code: string | null = null;
  let at = fieldOf(parsedJson(bodyText), "error");
  for (let depth = 0; depth < DEPTH_MAX && at !== undefined; depth++) {
    code = azureWord(fieldOf(at, "code")) ?? code;
    at = fieldOf(at, "innererror");
  }
  return code;
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
