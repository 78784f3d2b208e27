/** A table to be printed, with what is said above it. */
export interface Table {
  readonly title: string;
  readonly says: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table as part of a page. */
export function renderMarkdown({ title, says, columns, rows }: Table): string {
  const lines = [columns, columns.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  return [`## ${title}`, "", says, "", ...lines].join("\n");
}

/** A table for a terminal. */
export function renderText({ title, says, columns, rows }: Table): string {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const lines = [columns, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [title.toUpperCase(), says, ...lines].join("\n");
}
