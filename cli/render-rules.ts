import { NETWORK_ROWS, SQL_ROWS } from "../shared/policy/evidence/classify-sql.ts";
import { DIAGNOSES } from "../shared/policy/evidence/diagnose.ts";
import { ABSOLUTE_GUARDS } from "../shared/policy/guards/absolute-guards.ts";
import { LIFTABLE_GUARDS } from "../shared/policy/guards/liftable-guards.ts";
import { FAILBACK_TABLE } from "../shared/policy/rules/decide-failback.ts";
import { FAILOVER_TABLE } from "../shared/policy/rules/decide-failover.ts";
import { renderMarkdown, renderText, type Table } from "./render-table.ts";

/** Prints every decision table from the very rows that decide. */
export function renderRules(format: "text" | "markdown"): string {
  return format === "text"
    ? `${tables().map(renderText).join("\n\n")}\n`
    : `# Rules\n\nWritten by \`npm run docs\` from the tables in \`shared/policy\`. First match wins.\n\n${tables()
        .map(renderMarkdown)
        .join("\n\n")}\n`;
}

function tables(): Table[] {
  return [
    {
      title: "Failing over",
      says: "A decision that breaks an invariant becomes a hold by the rule refused-by-check.",
      columns: ["#", "rule", "verdict", "when"],
      rows: FAILOVER_TABLE.map((r, i) => [String(i + 1), r.id, r.verdict, r.says]),
    },
    {
      title: "Going home",
      says: "Here fail-over means a planned failover to the home side.",
      columns: ["#", "rule", "verdict", "when"],
      rows: FAILBACK_TABLE.map((r, i) => [String(i + 1), r.id, r.verdict, r.says]),
    },
    {
      title: "Diagnoses",
      says: "What is wrong. What follows from it, the rules above say.",
      columns: ["#", "diagnosis", "when"],
      rows: DIAGNOSES.map((r, i) => [String(i + 1), r.diagnosis, r.says]),
    },
    {
      title: "Guards",
      says: "Closed when the sentence is true. Liftable ones a named person lifts, one by one.",
      columns: ["guard", "strength", "failovers", "closed when"],
      rows: [
        ...ABSOLUTE_GUARDS.map((r) => [r.guard, "absolute", r.guards, r.says]),
        ...LIFTABLE_GUARDS.map((r) => [r.guard, "liftable", r.guards, r.says]),
      ],
    },
    {
      title: "SQL errors and network codes",
      says: "A SQL error that is not listed was sent by a server: alive.",
      columns: ["code", "means", "why"],
      rows: [...SQL_ROWS, ...NETWORK_ROWS].map((r) => [r.code, r.means, r.says]),
    },
  ];
}
