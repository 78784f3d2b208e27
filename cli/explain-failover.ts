import type { FailoverReceipt } from "../shared/domain/receipt.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { alignColumns } from "./align-columns.ts";
import { sayLoss } from "./explain-facts.ts";

const PHASES: readonly (readonly [phase: keyof FailoverReceipt["phases"], says: string])[] = [
  ["onsetAt", "first failed look"],
  ["suspectedAt", "suspected"],
  ["decidedAt", "decided"],
  ["postedAt", "requested"],
  ["acceptedAt", "accepted by Azure"],
  ["movedAt", "roles moved"],
  ["verifiedAt", "verified"],
];

/** What a failover took and cost, for a person. */
export function explainFailover(receipt: FailoverReceipt): string {
  const { id, incidentId, failover, newPrimary, writtenAt, product } = receipt;
  return [
    `${failover} failover to ${newPrimary}`,
    "",
    "Phases",
    ...indent(phaseLines(receipt)),
    "",
    "Loss",
    ...indent(lossLines(receipt)),
    "",
    "Ids",
    `  incident ${incidentId}; receipt ${id}, ${product}, ${sayInstant(writtenAt)}`,
    "",
  ].join("\n");
}

function phaseLines(receipt: FailoverReceipt): readonly string[] {
  const { phases } = receipt;
  let last: number | null = null;
  const rows: string[][] = [];
  for (const [phase, says] of PHASES) {
    const at = phases[phase];
    const took = at === null || last === null ? "" : `+${sayMs(Math.max(0, at - last))}`;
    rows.push([says, at === null ? notKnown(receipt, phase) : sayInstant(at), took]);
    last = at ?? last;
  }
  const { onsetAt, suspectedAt, verifiedAt } = phases;
  const from = Math.min(onsetAt ?? suspectedAt, suspectedAt);
  rows.push(["in all", verifiedAt === null ? "not verified" : sayMs(verifiedAt - from)]);
  return alignColumns(rows);
}

/** What was sent and moved the roles was accepted: where no instant is known, its answer was lost. */
function notKnown({ phases }: FailoverReceipt, phase: keyof FailoverReceipt["phases"]): string {
  return phase === "acceptedAt" && phases.postedAt !== null ? "unknown" : "-";
}

function lossLines({ loss, bound, failover }: FailoverReceipt): readonly string[] {
  if (failover === "planned") return ["nothing: a planned failover waits until all was sent"];
  const most = loss.atMostSeconds === null ? "unknown" : `${loss.atMostSeconds} s`;
  return [
    `at least ${loss.atLeastSeconds} s, at most ${most} of what was written last`,
    `seen every ${loss.resolutionSeconds} s; what was accepted: ${sayLoss(bound)}`,
  ];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
