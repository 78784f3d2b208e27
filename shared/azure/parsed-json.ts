/** The value of a JSON text, or undefined where it is none (empty, HTML, cut off). */
export function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return value;
  } catch {
    return undefined;
  }
}

/** Whether a parsed value has named fields. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an error stands in a body, beside whatever else it says. Names come in any case. */
export function hasError(body: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(body).some(([name, held]) => name.toLowerCase() === "error" && says(held));
}

/** Nothing, an empty text and an empty object are how some answers write that there is no error. */
function says(held: unknown): boolean {
  if (isObject(held)) return Object.keys(held).length > 0;
  return held !== null && held !== undefined && held !== "" && held !== false;
}
