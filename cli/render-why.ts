import { sayDecision, sayEnd } from "../functions/telling/say-event.ts";
import { Decision } from "../shared/domain/decision.ts";
import type { Purpose } from "../shared/domain/purpose.ts";
import { diagnosisSays } from "../shared/policy/sentences.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { alignColumns } from "./align-columns.ts";
import { waitLines } from "./explain-decision.ts";
import { sayReason } from "./say-reason.ts";
import type { GroupStatus, StatusAnswer } from "./status-answer.ts";

/** One site's answer to why nothing has happened, or what is happening. */
export function renderWhy({ site, at, groups }: StatusAnswer): string {
  return groups
    .map((group) => [...headline(site, at, group), ...body(group)].join("\n"))
    .join("\n");
}

function headline(site: string, at: number, status: GroupStatus): readonly string[] {
  const primary =
    status.primary.kind === "read" ? (status.primary.value ?? "not known") : "unknown";
  return [
    `${status.group} as ${site} has it, ${sayInstant(at)}: ${status.state}, mode ${status.mode}`,
    `primary ${primary.split("/").at(-1) ?? primary}; ${incidentLine(status)}`,
    "",
  ];
}

function incidentLine({ incident }: GroupStatus): string {
  if (incident.kind === "unknown")
    return `incident unknown: ${incident.because} at ${incident.site}`;
  const row = incident.value;
  if (row === null) return "no incident";
  const opened = `incident ${row.id}, opened by ${row.openedBy} ${sayInstant(row.openedAt)}`;
  return row.closedAt === null
    ? `${opened}, open`
    : `last ${opened}; ${sayInstant(row.closedAt)} ${sayEnd(row.end ?? "without an end")}`;
}

function body(status: GroupStatus): readonly string[] {
  const open = status.incident.kind === "read" && status.incident.value?.closedAt === null;
  const incident = status.incident.kind === "read" ? status.incident.value : null;
  const decided = Decision.safeParse(incident);
  const home = status.failback.kind === "read" ? (status.failback.value?.decision ?? null) : null;
  return [
    ...(incident !== null && decided.success
      ? part(open ? "The incident's last decision" : "How it was last decided", decided.data)
      : []),
    ...(status.live === undefined ? [] : live(status.live)),
    ...(home === null ? [] : part("The way home", home, "fail-back")),
  ];
}

function live(reading: NonNullable<GroupStatus["live"]>): readonly string[] {
  if (reading.kind === "read") return part("Decided now, on a look of this moment", reading.value);
  return ["Decided now", `  unknown: ${reading.because} at ${reading.site}`, ""];
}

function part(
  title: string,
  decision: Decision,
  purpose: Purpose = "fail-over",
): readonly string[] {
  const rows = [
    ["wrong", diagnosisSays(decision.diagnosis)],
    ...decision.because.map((reason, i) => [i === 0 ? "because" : "", sayReason(reason)]),
  ];
  const waits = waitLines(decision);
  return [
    `${title}: ${sayDecision(decision, purpose)}`,
    ...alignColumns(rows).map((line) => `  ${line}`),
    ...(decision.waitingFor.length === 0
      ? []
      : ["  waits for", ...waits.map((line) => `    ${line}`)]),
    `  rule ${decision.rule}, diagnosis ${decision.diagnosis}`,
    "",
  ];
}
