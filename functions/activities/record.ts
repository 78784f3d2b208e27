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
import { withdrawAsks } from "../telling/announce.ts";
import { writeAudit } from "../telling/write-audit.ts";

type Input = z.infer<typeof contract.input>;

/** Writes down for good how a failover or an incident ended. The same entry again is the same entry. */
export function createRecord(app: App) {
  return async (input: Input): Promise<z.infer<typeof contract.output>> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "recorded" };
    switch (input.entry.kind) {
      case "failed-over":
        await failedOver(app, held, input.entry);
        break;
      case "undone":
        await undone(app, held, input.entry);
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

/**
 * The claim that has moved the roles. Null: a later one was taken, which is not done before all that
 * this one asks for is written down.
 */
function claimOf({ rows, group }: Grip, epoch: number): Claim | null {
  const reading = claimIn(rows);
  if (reading.kind === "unreadable") {
    throw new Error(`Cannot record the failover of ${group.name}: its claim cannot be read`);
  }
  const claim = valueOrNull(reading);
  return claim?.epoch === epoch ? claim : null;
}

async function failedOver(
  app: App,
  held: Grip,
  { epoch, verified }: { readonly epoch: number; readonly verified: boolean },
): Promise<void> {
  const claim = claimOf(held, epoch);
  if (claim === null) return;
  const { book, work } = held;
  const receipt = await keepOutcome(app, held, claim, { action: "failed-over", verified });
  const prove = (row: Incident): Incident => ({
    ...row,
    phases: { ...row.phases, verifiedAt: row.phases.verifiedAt ?? receipt.writtenAt },
  });
  if (held.incident !== null) await changeIncident(book, work, prove, held.known);
  if (work.purpose === "fail-over") await planWhatIsLeft(held, receipt, verified);
  // Last: until then whoever comes next does all of it again.
  await settleClaim(book, epoch);
}

/** The roles have moved by it and back again: that has its receipt, and nothing is left to do after it. */
async function undone(app: App, held: Grip, { epoch }: { readonly epoch: number }): Promise<void> {
  const claim = claimOf(held, epoch);
  if (claim === null) return;
  await keepOutcome(app, held, claim, { action: "failover-undone" });
  await undoClaim(held.book, epoch, app.ports.clock.now());
}

/** Under the claim's own work, whoever follows it: one role change, one receipt, one line of the audit. */
async function keepOutcome(
  app: App,
  held: Grip,
  claim: Claim,
  { action, ...detail }: { readonly action: string; readonly verified?: boolean },
): Promise<FailoverReceipt> {
  const receipt = outcome(app, held, claim);
  const { id: receiptId, incidentId, newPrimary, loss } = receipt;
  await keepReceipt(held.book, receipt);
  await writeAudit(app, held.book, {
    ofAt: claim.takenAt,
    incidentId,
    action,
    key: String(claim.epoch),
    rule: null,
    receiptId,
    actor: "geo-failover",
    detail: { ...detail, newPrimary, loss },
  });
  return receipt;
}

function outcome(app: App, held: Grip, claim: Claim): FailoverReceipt {
  const { incident } = held;
  const now = app.ports.clock.now();
  const planned = claim.kind === "planned";
  const bound = planned ? NO_LOSS : (incident?.loss ?? NOT_MEASURED);
  return {
    kind: "failover",
    version: 1,
    product: PRODUCT,
    id: stampedId(`${claim.incidentId}-failover-${claim.epoch}`, claim.takenAt),
    writtenAt: now,
    incidentId: claim.incidentId,
    failover: claim.kind,
    newPrimary: held.group[held.target].name,
    // The incident's row may have it of an earlier request, or not yet: its store can go between two writes.
    phases: {
      ...(incident?.phases ?? phasesOf(claim)),
      acceptedAt: claim.acceptedAt,
      verifiedAt: now,
    },
    bound,
    loss: measureLoss({
      bound,
      samples: incident?.samples ?? [],
      secondaryCommits: incident?.secondaryCommits ?? [],
      sampleEveryMs: app.config.tickMs,
    }),
  };
}

function phasesOf(claim: Claim): Omit<FailoverReceipt["phases"], "verifiedAt"> {
  return {
    suspectedAt: claim.takenAt,
    onsetAt: null,
    decidedAt: claim.takenAt,
    postedAt: claim.sentAt,
    acceptedAt: claim.acceptedAt,
    movedAt: claim.spentAt,
  };
}

/** Protection and the way home. Kept in both group regions; the one that is lost is told when it is back. */
async function planWhatIsLeft(
  held: Grip,
  { incidentId, writtenAt }: FailoverReceipt,
  verified: boolean,
): Promise<void> {
  const { group, book, ledger } = held;
  const failback = newFailback({
    id: `${incidentId}-home`,
    group: group.name,
    incidentId,
    awayOn: held.target,
    failedOverAt: writtenAt,
    verified,
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
  await withdrawAsks([held.rows], input.incidentId, now);
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
