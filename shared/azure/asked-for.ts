import { hasError, isObject, parsedJson } from "./parsed-json.ts";

/** Why the body of an answer is no reading of what was asked for; null where nothing speaks against it. */
export function notAskedFor(
  bodyText: string,
  askedId: string,
): "not-what-was-asked" | "contradicts-itself" | null {
  const body = parsedJson(bodyText);
  if (!isObject(body)) return null;
  const { id, name } = body;
  const asked = normal(askedId);
  if (typeof id === "string" && normal(id) !== asked) return "not-what-was-asked";
  if (typeof name === "string" && normal(name) !== asked.split("/").at(-1)) {
    return "not-what-was-asked";
  }
  return hasError(body) ? "contradicts-itself" : null;
}

/** Ids are compared without regard to case; one region is written `Central US`, `Central%20US` and `centralus`. */
function normal(id: string): string {
  const text = id.toLowerCase().replaceAll(/%20|\s/g, "");
  return text.endsWith("/") ? text.slice(0, -1) : text;
}
