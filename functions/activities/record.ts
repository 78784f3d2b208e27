import type * as z from "zod";
import type { record as contract } from "../../orchestrations/contracts.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { NO_LOSS, NOT_MEASURED } from "../../shared/domain/loss.ts";
import type { FailoverReceipt } from "../../shared/domain/receipt.ts";
import { keepReceipt } from "../../shared/ledger/audit.ts";
import { readClaim } from "../../shared/ledger/claims.ts";
import { changeFailback, newFailback, scheduleFailback } from "../../shared/ledger/failbacks.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { measureLoss } from "../../shared/policy/evidence/measure-loss.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { type Grip, grip } from "../keeping/motor.ts";
import { PRODUCT } from "../product.ts";
import { writeAudit } from "../telling/write-audit.ts";

type Input = z.infer<typeof contract.input>;

const STORE_MS = 5_000;

/** Writes down for good how a failover or an incident ended. The same entry again is the same entry. */
export function createRecord(app: App) {
  return async (input: Input): Promise<z.infer<typeof contract.output>> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "recorded" };
    switch (input.entry.kind) {
      case "failed-over":
        await failedOver(app, held, input, input.entry);
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
  const { store, group } = held;
  const receipt = await outcome(app, held, input, entry.epoch);
  await keepReceipt(store, group.name, receipt);
  await changeIncident(store, input, (row) => ({
    ...row,
    phases: { ...row.phases, verifiedAt: row.phases.verifiedAt ?? receipt.writtenAt },
  }));
  await writeAudit(app, store, {
    group: group.name,
    incidentId: input.incidentId,
    action: "failed-over",
    key: String(entry.epoch),
    rule: null,
    receiptId: receipt.id,
    actor: "geo-failover",
    detail: { verified: entry.verified, newPrimary: receipt.newPrimary, loss: receipt.loss },
  });
  if (input.purpose === "fail-over") await planWhatIsLeft(app, held, input, receipt.writtenAt);
}

async function outcome(
  app: App,
  held: Grip,
  input: Input,
  epoch: number,
): Promise<FailoverReceipt> {
  const claim = await readClaim(held.store, held.group.name);
  const { incident } = held;
  const now = app.ports.clock.now();
  const planned = claim?.kind === "planned";
  const bound = planned ? NO_LOSS : (incident?.loss ?? NOT_MEASURED);
  return {
    kind: "failover",
    version: 1,
    product: PRODUCT,
    id: `${input.incidentId}-failover-${epoch}`,
    writtenAt: now,
    incidentId: input.incidentId,
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

function phasesOf(
  claim: Awaited<ReturnType<typeof readClaim>>,
  now: number,
): FailoverReceipt["phases"] {
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
async function planWhatIsLeft(app: App, held: Grip, input: Input, at: number): Promise<void> {
  const { group, store } = held;
  const failback = newFailback({
    id: `${input.incidentId}-home`,
    group: group.name,
    incidentId: input.incidentId,
    awayOn: held.target,
    failedOverAt: at,
    state: held.target === "home" || group.policy.failback.mode === "off" ? "off" : "waiting",
  });
  await scheduleFailback(store, failback);
  const others = app.stores.both(group, held.expectedPrimary).filter((other) => other !== store);
  await Promise.all(
    others.map((other) =>
      within(app.ports.clock, STORE_MS, scheduleFailback(other, failback), () => undefined),
    ),
  );
}

async function closed(
  app: App,
  held: Grip,
  input: Input,
  entry: Extract<Input["entry"], { kind: "closed" }>,
): Promise<void> {
  const { store, group } = held;
  const now = app.ports.clock.now();
  await writeAudit(app, store, {
    group: group.name,
    incidentId: input.incidentId,
    action: input.purpose === "fail-back" ? "failback-done" : "incident-closed",
    key: entry.end,
    rule: entry.rule,
    receiptId: held.incident?.receiptId ?? null,
    actor: "geo-failover",
    detail: { end: entry.end },
  });
  if (input.purpose === "fail-back") {
    await Promise.all(
      app.stores.both(group, "partner").map((each) =>
        within(
          app.ports.clock,
          STORE_MS,
          changeFailback(each, group.name, input.incidentId, (row) => ({
            ...row,
            state: "done",
            doneAt: now,
          })),
          () => null,
        ),
      ),
    );
    return;
  }
  // A call that joined at the last moment keeps the incident open: another motor takes it up.
  const called = (row: Incident): boolean =>
    entry.end !== "failed-over" && row.call !== null && row.call.expiresAt > now;
  await changeIncident(store, input, (row) =>
    called(row) ? row : { ...row, closedAt: now, end: entry.end },
  );
}
