import type * as z from "zod";
import type { record as contract } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { NO_LOSS, NOT_MEASURED } from "../../shared/domain/loss.ts";
import type { FailoverReceipt } from "../../shared/domain/receipt.ts";
import { stampedId } from "../../shared/ledger/added-ids.ts";
import { keepReceipt } from "../../shared/ledger/audit.ts";
import { claimIn, settleClaim, undoClaim } from "../../shared/ledger/claims.ts";
import { changeFailback, newFailback, scheduleFailback } from "../../shared/ledger/failbacks.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import { measureLoss } from "../../shared/policy/evidence/measure-loss.ts";
import type { App } from "../app.ts";
import { failbackKey, type Grip, grip } from "../keeping/motor.ts";
import { PRODUCT } from "../product.ts";
import { writeAudit } from "../telling/write-audit.ts";

type Input = z.infer<typeof contract.input>;

/** Writes down for good how a failover or an incident ended. The same entry again is the same entry. */
export function createRecord(app: App) {
  return async (input: Input): Promise<z.infer<typeof contract.output>> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "recorded" };
    switch (input.entry.kind) {
      case "failed-over":
        await failedOver(app, held, input, input.entry);
        break;
      case "undone":
        await undone(app, held, input, input.entry);
        break;
      case "closed":
        await closed(app, held, input, input.entry);
        break;
      default:
        input.entry satisfies never;
    }
    return { kind: "recorded" };
  };
}

async function failedOver(
  app: App,
  held: Grip,
  input: Input,
  entry: { readonly epoch: number; readonly verified: boolean },
): Promise<void> {
  const { book } = held;
  const claim = valueOrNull(claimIn(held.rows));
  // By the claim's own work, whoever follows it: one role change, one receipt.
  const incidentId = claim?.incidentId ?? input.incidentId;
  const receipt = outcome(app, held, claim, `${incidentId}-failover-${entry.epoch}`);
  await keepReceipt(book, receipt);
  const prove = (row: Incident): Incident => ({
    ...row,
    phases: { ...row.phases, verifiedAt: row.phases.verifiedAt ?? receipt.writtenAt },
  });
  if (held.incident !== null) await changeIncident(book, input, prove, held.known);
  await writeAudit(app, book, {
    ofAt: claim?.takenAt ?? held.sinceAt,
    incidentId,
    action: "failed-over",
    key: String(entry.epoch),
    rule: null,
    receiptId: receipt.id,
    actor: "geo-failover",
    detail: { verified: entry.verified, newPrimary: receipt.newPrimary, loss: receipt.loss },
  });
  if (input.purpose === "fail-over") await planWhatIsLeft(held, incidentId, receipt.writtenAt);
  // Last: until then whoever comes next does all of it again.
  await settleClaim(book, entry.epoch);
}

/** The roles have moved by it and back again: that has its receipt, and nothing is left to do after it. */
async function undone(
  app: App,
  held: Grip,
  input: Input,
  { epoch }: { readonly epoch: number },
): Promise<void> {
  const { book } = held;
  const claim = valueOrNull(claimIn(held.rows));
  const incidentId = claim?.incidentId ?? input.incidentId;
  const receipt = outcome(app, held, claim, `${incidentId}-failover-${epoch}`);
  await keepReceipt(book, receipt);
  await writeAudit(app, book, {
    ofAt: claim?.takenAt ?? held.sinceAt,
    incidentId,
    action: "failover-undone",
    key: String(epoch),
    rule: null,
    receiptId: receipt.id,
    actor: "geo-failover",
    detail: { newPrimary: receipt.newPrimary },
  });
  await undoClaim(book, epoch, app.ports.clock.now());
}

function outcome(app: App, held: Grip, claim: Claim | null, name: string): FailoverReceipt {
  const { incident } = held;
  const now = app.ports.clock.now();
  const planned = claim?.kind === "planned";
  const bound = planned ? NO_LOSS : (incident?.loss ?? NOT_MEASURED);
  return {
    kind: "failover",
    version: 1,
    product: PRODUCT,
    id: stampedId(name, claim?.takenAt ?? held.sinceAt),
    writtenAt: now,
    incidentId: claim?.incidentId ?? incident?.id ?? name,
    failover: planned ? "planned" : "forced",
    newPrimary: held.group[held.target].name,
    phases: incident === null ? phasesOf(claim, now) : { ...incident.phases, verifiedAt: now },
    bound,
    loss: measureLoss({
      bound,
      samples: incident?.samples ?? [],
      secondaryCommits: incident?.secondaryCommits ?? [],
      sampleEveryMs: app.config.tickMs,
    }),
  };
}

function phasesOf(claim: Claim | null, now: number): FailoverReceipt["phases"] {
  return {
    suspectedAt: claim?.takenAt ?? now,
    onsetAt: null,
    decidedAt: claim?.takenAt ?? null,
    postedAt: claim?.sentAt ?? null,
    acceptedAt: claim?.acceptedAt ?? null,
    movedAt: claim?.spentAt ?? null,
    verifiedAt: now,
  };
}

/** Protection and the way home. Kept in both group regions; the one that is lost is told when it is back. */
async function planWhatIsLeft(held: Grip, incidentId: string, at: number): Promise<void> {
  const { group, book, ledger } = held;
  const failback = newFailback({
    id: `${incidentId}-home`,
    group: group.name,
    incidentId,
    awayOn: held.target,
    failedOverAt: at,
    state: held.target === "home" || group.policy.failback.mode === "off" ? "off" : "waiting",
  });
  await scheduleFailback(book, failback);
  const others = ledger.both(held.expectedPrimary).filter((other) => other !== book);
  await writeToBooks(others, (other) => scheduleFailback(other, failback));
}

async function closed(
  app: App,
  held: Grip,
  input: Input,
  entry: Extract<Input["entry"], { kind: "closed" }>,
): Promise<void> {
  const { book, incident } = held;
  const now = app.ports.clock.now();
  await writeAudit(app, book, {
    ofAt: incident?.decidedAt ?? held.sinceAt,
    incidentId: input.incidentId,
    action: input.purpose === "fail-back" ? "failback-done" : "incident-closed",
    key: entry.end,
    rule: entry.rule,
    receiptId: incident?.receiptId ?? null,
    actor: "geo-failover",
    detail: { end: entry.end },
  });
  if (input.purpose === "fail-back") {
    const done = (row: Failback): Failback => ({ ...row, state: "done", doneAt: now });
    await writeToBooks(held.ledger.both("partner"), (each) =>
      changeFailback(each, failbackKey(input), done),
    );
    return;
  }
  // A call that joined at the last moment keeps the incident open: another motor takes it up.
  const called = (row: Incident): boolean =>
    entry.end !== "failed-over" && row.call !== null && row.call.expiresAt > now;
  const end = (row: Incident): Incident =>
    called(row) ? row : { ...row, closedAt: now, end: entry.end };
  await changeIncident(book, input, end, held.known);
}
