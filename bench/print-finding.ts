import type { Bench, Cell, Finding } from "./bench.ts";

/** A finding as a Markdown table under its question. */
export function printFinding({ name, question }: Bench, finding: Finding): string {
  const cells = [finding.columns, ...finding.rows].map((row) => row.map(printCell));
  const widths = finding.columns.map((_, i) =>
    Math.max(...cells.map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => pad(cell, widths[i] ?? 0, i > 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  const rule = line(
    widths.map((width, i) => (i > 0 ? `${"-".repeat(width - 1)}:` : "-".repeat(width))),
  );
  const notes = finding.notes.map((note) => `- ${note}`);
  return [`## ${name}`, question, "", line(head), rule, ...body.map(line), "", ...notes, ""].join(
    "\n",
  );
}

/** No figure here has more to say than three digits. */
export function printCell(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (!Number.isFinite(cell)) return "–";
  return Math.abs(cell) >= 100 ? String(Math.round(cell)) : String(Number(cell.toPrecision(3)));
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}
