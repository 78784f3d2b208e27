import type { ReasonRow } from "../shared/domain/reason-codes/reason-row.ts";
import { COMMON_VALUES, REASON_SECTIONS } from "../shared/domain/reason-codes.ts";

const OPENING = `# Reasons

<!-- Generated from shared/domain/reason-codes.ts by \`npm run docs\`. Change the rows, not this page. -->

Every decision gives its reasons as codes with values: in \`because\` why it is what it is, in \`waitingFor\`
what would have to change. Receipts, status, notices and \`npx geo-failover explain\` use the same codes. A name
that ends in \`Ms\` is in milliseconds, in \`Seconds\` in seconds, in \`At\` an instant in epoch milliseconds.
A code is never renamed.

Any reason may also carry:
`;

/** The reference of reason codes, as a page. */
export function renderReasons(): string {
  const common = Object.entries(COMMON_VALUES).map(([name, says]) => `- \`${name}\`: ${says}`);
  const sections = REASON_SECTIONS.map(({ title, rows }) =>
    [
      `## ${title}`,
      "",
      "| code | means | values | what to do next |",
      "| --- | --- | --- | --- |",
      ...rows.map(renderRow),
    ].join("\n"),
  );
  return `${[OPENING + common.join("\n"), ...sections].join("\n\n")}\n`;
}

function renderRow({ code, means, values, next }: ReasonRow): string {
  const named = Object.entries(values).map(([name, says]) => `\`${name}\`: ${says}`);
  return `| \`${code}\` | ${means} | ${named.join("; ")} | ${next} |`;
}
