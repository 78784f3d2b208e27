import { ok, type Reading, refused } from "../text/reading.ts";
import { readUrl } from "./endpoint.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Resolves a webhook's reference. The refusal names the variable and never shows its value. */
export function resolveWebhook(name: string, env: Environment): Reading<string> {
  const value = env[name];
  if (value === undefined || value === "") {
    const write = `the URL into the environment variable ${name}`;
    return refused("secret-missing", `refers to ${name}, which is not set`, write);
  }
  const url = readUrl(value);
  if (url.kind === "ok" || url.because === "secret-in-url") return ok(value);
  const write = `an https URL into the environment variable ${name}`;
  return refused("secret-not-a-url", `refers to ${name}, which holds no https URL`, write);
}
