import { readFileSync } from "node:fs";
import { parseReceipt, type ReadReceipt } from "../shared/domain/parse-receipt.ts";

/** A receipt with the place it came from. */
export type Found = ReadReceipt & {
  /** The file, and the line where it holds several. */
  readonly from: string;
};

/**
 * Reads receipts from files, or from what is piped in for `-`. A file holds one receipt, a list of
 * them, or one on each line. A file that cannot be read is one refusal.
 */
export function readReceipts(paths: readonly string[]): readonly Found[] {
  return paths.flatMap((path) => {
    const text = readText(path);
    return text === null
      ? [{ kind: "refused", because: "no such file", from: path }]
      : receiptsIn(text, path);
  });
}

function readText(path: string): string | null {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch {
    return null;
  }
}

function receiptsIn(text: string, from: string): readonly Found[] {
  const whole = parseJson(text);
  if (whole.kind === "json") return whole.value.map((one) => ({ ...parseReceipt(one), from }));
  const lines = text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [{ line, i }]));
  if (lines.length < 2) return [{ kind: "refused", because: "it is not JSON", from }];
  return lines.map(({ line, i }): Found => {
    const one = parseJson(line);
    const at = `${from}:${i + 1}`;
    return one.kind === "json"
      ? { ...parseReceipt(one.value[0]), from: at }
      : { kind: "refused", because: "it is not JSON", from: at };
  });
}

type Json = { readonly kind: "json"; readonly value: readonly unknown[] } | { readonly kind: "no" };

function parseJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return { kind: "json", value: Array.isArray(value) ? value : [value] };
  } catch {
    return { kind: "no" };
  }
}
