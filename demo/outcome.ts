import type * as z from "zod";
import type { Incident } from "../shared/domain/incident.ts";
import type { FailoverReceipt } from "../shared/domain/receipt.ts";
import { RECEIPT } from "../shared/ledger/audit.ts";
import type { Run } from "./start-run.ts";
import { createShelf } from "./stored-entries.ts";
import type { Watched } from "./watch-run.ts";

/** Seconds each phase of the failover took, by the app's own receipt. */
export interface PhaseSeconds {
  readonly suspicion: number | null;
  readonly confirmation: number | null;
  readonly request: number | null;
  readonly failover: number | null;
  readonly verification: number | null;
  readonly total: number | null;
}

export interface Outcome {
  readonly end: NonNullable<Incident["end"]> | "open" | "no-incident";
  readonly rule: string | null;
  readonly phases: PhaseSeconds;
  readonly loss: {
    readonly atLeastSeconds: number | null;
    readonly atMostSeconds: number | null;
    /** What the world knows: the newest acknowledged row that is missing, over all databases. */
    readonly trueSeconds: number;
    readonly missingRows: number;
  };
  readonly failback: {
    readonly state: "waiting" | "running" | "done" | "off";
    readonly failedOverAt: number;
    readonly protectedAt: number | null;
    readonly doneAt: number | null;
  } | null;
}

/** What came of it: by the app's own rows, and the loss beside what the world knows of it. */
export function readOutcome(run: Run, watched: Watched): Outcome {
  const incident = watched.incident();
  const failback = watched.failback();
  const receipt = firstFailover(run);
  const missing = run.world.record.losses.filter(({ group }) => group === run.group.name);
  return {
    end: incident === null ? "no-incident" : (incident.end ?? "open"),
    rule: incident?.decision?.rule ?? null,
    phases: phasesOf(receipt),
    loss: {
      atLeastSeconds: receipt?.loss.atLeastSeconds ?? null,
      atMostSeconds: receipt?.loss.atMostSeconds ?? null,
      trueSeconds: Math.max(0, ...missing.map(({ lossMs }) => lossMs)) / 1_000,
      missingRows: missing.reduce((sum, { rows }) => sum + rows, 0),
    },
    failback:
      failback === null
        ? null
        : {
            state: failback.state,
            failedOverAt: failback.failedOverAt,
            protectedAt: failback.protectedAt,
            doneAt: failback.doneAt,
          },
  };
}

type Failover = z.infer<typeof FailoverReceipt>;

/** The failover away from home; the one that leads back has its own receipt. */
function firstFailover({ world, group }: Run): Failover | null {
  const receipts = createShelf(world, group.name, RECEIPT)().flatMap(({ value }) =>
    value.kind === "failover" ? [value] : [],
  );
  return receipts.sort((a, b) => a.writtenAt - b.writtenAt)[0] ?? null;
}

function phasesOf(receipt: Failover | null): PhaseSeconds {
  const { suspectedAt, onsetAt, decidedAt, postedAt, movedAt, verifiedAt } =
    receipt?.phases ?? NONE;
  const onset = onsetAt ?? suspectedAt;
  return {
    suspicion: seconds(onset, suspectedAt),
    confirmation: seconds(suspectedAt, decidedAt),
    request: seconds(decidedAt, postedAt),
    failover: seconds(postedAt, movedAt),
    verification: seconds(movedAt, verifiedAt),
    total: seconds(onset, verifiedAt),
  };
}

const NONE = {
  suspectedAt: null,
  onsetAt: null,
  decidedAt: null,
  postedAt: null,
  movedAt: null,
  verifiedAt: null,
};

function seconds(fromAt: number | null, toAt: number | null): number | null {
  return fromAt === null || toAt === null ? null : Math.round((toAt - fromAt) / 100) / 10;
}
