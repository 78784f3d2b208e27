import type { Unread } from "../ports/unread.ts";
import { ARM_ERRORS } from "./arm-errors.ts";
import type { Exchange } from "./arm-exchange.ts";
import { parsedJson } from "./parsed-json.ts";
import { azureWord, presentable } from "./presentable.ts";
import { busyForMs } from "./retry-after.ts";

/** `code` is null where the body names none, whatever the status says. */
export interface ArmError {
  readonly code: string | null;
  readonly message: string;
}

/** Codes that only say "look inside". */
const WRAPPERS: ReadonlySet<string> = new Set(["DeploymentFailed", "MultipleErrorsOccurred"]);
const DEPTH_MAX = 6;
const FOUND_MAX = 50;
const SEARCHED_MAX = 16_000;
const CODE = /"code"\s{0,9}:\s{0,9}"(\w{1,100})"/gi;

/** The code and message of an error body, wherever they stand in it. Takes anything, never throws. */
export function readArmError(answer: {
  readonly status: number;
  readonly bodyText: string;
}): ArmError {
  const found: ArmError[] = [];
  const body = parsedJson(answer.bodyText);
  if (body === undefined) collectKnown(answer.bodyText, found);
  else collect(body, 0, found);
  const inner = found.filter(({ code }) => code === null || !WRAPPERS.has(code));
  const telling =
    inner.find(({ code }) => code !== null && ARM_ERRORS.has(code)) ??
    inner.find(({ code }) => code !== null) ??
    found.find(({ code }) => code !== null) ??
    found[0];
  const message = presentable(telling?.message || answer.bodyText);
  return {
    code: telling?.code ?? null,
    message: message === "" ? `HTTP ${answer.status} without a text` : message,
  };
}

/** Why an exchange says nothing of what was asked, without any of its text. */
export function unread(exchange: Exchange): Unread {
  if (exchange.kind !== "answered") return { kind: "unknown", because: exchange.because };
  const { status, headers } = exchange;
  const { code, message } = readArmError(exchange);
  const because = unreadable(status, code);
  return status === 429
    ? { kind: "unknown", because, throttledForMs: busyForMs(headers, message) }
    : { kind: "unknown", because };
}

/** The same of an answer, in a word. */
export function unreadable(status: number, code: string | null): string {
  if (status === 401) return "identity";
  return code === null ? `http-${status}` : `http-${status} (${code})`;
}

/** Outermost first. Names come in any case, and a message may be JSON once more. */
function collect(value: unknown, depth: number, found: ArmError[]): void {
  if (depth > DEPTH_MAX || found.length >= FOUND_MAX) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, depth + 1, found);
    return;
  }
  if (typeof value !== "object" || value === null) return;

  const fields = new Map(Object.entries(value).map(([name, held]) => [name.toLowerCase(), held]));
  const error: unknown = fields.get("error");
  const code = azureWord(fields.get("code")) ?? azureWord(error);
  const message = textOf(fields.get("message")) ?? textOf(fields.get("error_description"));
  if (code !== null || message !== null) found.push({ code, message: message ?? "" });

  for (const name of ["error", "details", "innererror", "errorentity"]) {
    const held: unknown = fields.get(name);
    if (typeof held === "object") collect(held, depth + 1, found);
  }
  if (message?.trimStart().startsWith("{")) collect(parsedJson(message), depth + 1, found);
  // A failed resource is a 200 whose error stands among its properties.
  if (depth === 0) collect(errorOf(fields.get("properties")), depth + 1, found);
}

/** Of a body that is cut off a code counts that has a row: nobody writes it by chance. */
function collectKnown(bodyText: string, found: ArmError[]): void {
  for (const [, code = ""] of bodyText.slice(0, SEARCHED_MAX).matchAll(CODE)) {
    if (ARM_ERRORS.has(code)) found.push({ code, message: "" });
  }
}

function errorOf(properties: unknown): unknown {
  return typeof properties === "object" && properties !== null && "error" in properties
    ? properties.error
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
