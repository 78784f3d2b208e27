import { readFileSync } from "node:fs";
import { parseReceipt } from "../shared/domain/parse-receipt.ts";
import { explainDecision } from "./explain-decision.ts";

/** A comment that names a receipt, and the block below it. */
const EXAMPLE = /(<!-- explain (\S+) -->\n)```text\n[\s\S]*?```/g;

/** A page with its worked examples as `explain` tells them today. */
export function fillExamples(path: string): string {
  return readText(path).replace(
    EXAMPLE,
    (_, marker: string, receipt: string) => `${marker}\`\`\`text\n${explained(receipt)}\`\`\``,
  );
}

function explained(path: string): string {
  const reading = parseReceipt(JSON.parse(readText(path)));
  if (reading.kind === "refused") throw new Error(`Cannot explain ${path}: ${reading.because}`);
  if (reading.receipt.kind !== "decision") throw new Error(`Cannot explain ${path}: no decision`);
  return `${explainDecision(reading.receipt, { all: false }).trimEnd()}\n`;
}

function readText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}
