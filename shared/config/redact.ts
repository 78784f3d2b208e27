/** Replaces every secret in a text, so that it may be logged. */
export function redact(text: string, secrets: readonly string[]): string {
  // Longest first: a secret that contains another must not be left half readable.
  const patterns = [...secrets]
    .filter((secret) => secret !== "")
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replace(/[^\w\s]/g, "\\$&"));
  if (patterns.length === 0) return text;
  return text.replace(new RegExp(patterns.join("|"), "g"), "(redacted)");
}
