/** The value of a JSON text, or undefined where it is none (empty, HTML, cut off). */
export function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return value;
  } catch {
    return undefined;
  }
}
