import type { Command } from "./command.ts";
import { type Explaining, explainDecision } from "./explain-decision.ts";
import { explainFailover } from "./explain-failover.ts";
import { type Found, readReceipts } from "./read-receipts.ts";

/** `explain`: a receipt for a person. */
export const explain: Command = {
  words: "explain",
  takes: "FILE... [--all]",
  says: "a receipt for a person: question, answer, what is in the way, what would change it",
  options: { all: { type: "boolean" } },
  operands: "some",
  run: ({ operands, options }) => {
    const found = readReceipts(operands);
    const all = options.all === true;
    const not = found.flatMap((one) =>
      one.kind === "refused" ? [`Cannot explain ${one.from}: ${one.because}\n`] : [],
    );
    return {
      exitCode: not.length > 0 ? 2 : 0,
      stdout: found.flatMap((one) => pageOf(one, { all })).join("\n----\n\n"),
      stderr: not.join(""),
    };
  },
};

function pageOf(found: Found, explaining: Explaining): readonly string[] {
  if (found.kind === "refused") return [];
  const { receipt } = found;
  switch (receipt.kind) {
    case "decision":
      return [explainDecision(receipt, explaining)];
    case "failover":
      return [explainFailover(receipt)];
    default:
      return receipt satisfies never;
  }
}
