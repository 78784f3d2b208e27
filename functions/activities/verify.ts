import type * as z from "zod";
import type { verify as contract } from "../../orchestrations/contracts.ts";
import type { Instance } from "../../shared/domain/group.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { VerifyStep } from "../../shared/domain/verify-step.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { UpdateabilityReading } from "../../shared/ports/sql.ts";
import { sayFailure } from "../../shared/text/say-failure.ts";
import type { App } from "../app.ts";
import { type Grip, grip } from "../keeping/motor.ts";
import { readGroup } from "../seeing/read-roles.ts";
import { writeAudit } from "../telling/write-audit.ts";

/** Looks once whether the new primary serves, and whether the old one still does. Never writes to the old one. */
export function createVerify(app: App) {
  return async (
    input: z.infer<typeof contract.input>,
  ): Promise<z.infer<typeof contract.output>> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "superseded" };
    const target = held.group[held.target];
    const old = held.group[otherSide(held.target)];
    const steps = await Promise.all([
      role(app, held),
      databases(app, held, target),
      write(app, held, target),
      listener(app, held, target),
      oldPrimary(app, held, old),
    ]);
    const roleState = steps[0].state;
    const verified = steps.every(
      (step) => step.step === "old-primary" || step.state === "proven" || step.state === "skipped",
    );
    await writeAudit(app, held.book, {
      ofAt: valueOrNull(claimIn(held.rows))?.takenAt ?? held.sinceAt,
      incidentId: input.incidentId,
      action: "verified",
      key: `${input.epoch}-${steps.map((step) => step.state).join("-")}`,
      rule: null,
      receiptId: null,
      actor: "geo-failover",
      detail: { verified, steps },
    });
    if (roleState === "failed") return { kind: "undone" };
    return { kind: "looked", verified, isPrimary: roleState === "proven" ? true : null };
  };
}

async function role(app: App, held: Grip): Promise<VerifyStep> {
  const state = await readGroup(app, held.group, held.expectedPrimary);
  if (state.kind === "unknown") return { step: "role", state: "unknown", detail: state.because };
  return { step: "role", state: ROLE_STATE[state.targetRole], detail: state.targetRole };
}

/** It was primary before it was looked at: what says secondary says that this was undone. */
const ROLE_STATE = { primary: "proven", secondary: "failed", unknown: "waiting" } as const;

async function databases(app: App, held: Grip, target: Instance): Promise<VerifyStep> {
  const reading = await updateability(app, held, target.fqdn);
  if (reading.kind === "unknown") {
    return { step: "databases", state: "unknown", detail: sayFailure(reading) };
  }
  const waiting = reading.databases.filter((row) => row.updateability !== "READ_WRITE");
  const detail = waiting.map((row) => row.name).join(", ");
  const proven = waiting.length === 0 && reading.databases.length > 0;
  return { step: "databases", state: proven ? "proven" : "waiting", detail };
}

async function write(app: App, held: Grip, target: Instance): Promise<VerifyStep> {
  const { canary } = held.group;
  if (canary === null) return { step: "write", state: "skipped", detail: "no canary" };
  const timeoutMs = held.group.policy.probeTimeoutMs;
  const written = await app.ports.sql.write({ fqdn: target.fqdn, timeoutMs }, canary.database);
  return { step: "write", state: written ? "proven" : "waiting", detail: canary.database };
}

/** Logs in through the listener and asks who answered: names prove nothing. */
async function listener(app: App, held: Grip, target: Instance): Promise<VerifyStep> {
  const [, ...zone] = target.fqdn.split(".");
  const reading = await updateability(app, held, [held.group.name, ...zone].join("."));
  if (reading.kind === "unknown") {
    return { step: "listener", state: "waiting", detail: sayFailure(reading) };
  }
  // The server tells its whole name; the instance's own is the first part.
  const arrived = reading.server.toLowerCase().split(".")[0] === target.name.toLowerCase();
  return { step: "listener", state: arrived ? "proven" : "waiting", detail: reading.server };
}

async function oldPrimary(app: App, held: Grip, old: Instance): Promise<VerifyStep> {
  const reading = await updateability(app, held, old.fqdn);
  if (reading.kind === "unknown") {
    return { step: "old-primary", state: "unknown", detail: sayFailure(reading) };
  }
  const writable = reading.databases.filter((row) => row.updateability === "READ_WRITE");
  return writable.length === 0
    ? { step: "old-primary", state: "proven", detail: "read-only" }
    : { step: "old-primary", state: "failed", detail: `still takes writes: ${writable.length}` };
}

async function updateability(app: App, held: Grip, fqdn: string): Promise<UpdateabilityReading> {
  const timeoutMs = held.group.policy.probeTimeoutMs;
  return app.ports.sql.updateability({ fqdn, timeoutMs });
}
