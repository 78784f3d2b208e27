import type { DurableClient } from "durable-functions";
import { motorId } from "../../orchestrations/contracts.ts";
import type { Blips } from "../../shared/domain/blips.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { KeyPathState } from "../../shared/domain/facts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Sample } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Ask, Override, Pause } from "../../shared/domain/person.ts";
import { readReceipt } from "../../shared/ledger/audit.ts";
import { readBlips } from "../../shared/ledger/blips.ts";
import { readClaim } from "../../shared/ledger/claims.ts";
import { openFailbackOf } from "../../shared/ledger/failbacks.ts";
import { latestIncidentOf } from "../../shared/ledger/incidents.ts";
import { overridesIn, standingOverrides } from "../../shared/ledger/overrides.ts";
import { asksOf, pausesIn } from "../../shared/ledger/people.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import { keyPathNow } from "../../shared/policy/evidence/key-proof.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { type Reading, readListOfAll, readPart, readRowOfAny } from "./status-reading.ts";

/** What the ledger says of one group. Secrets are left out; what could not be read is unknown. */
interface GroupStatus {
  readonly group: string;
  readonly mode: string;
  readonly state: "incident" | "unknown" | "paused" | "suspicious" | "away" | "watching";
  readonly primary: Reading<string | null>;
  readonly lastLook: Reading<(Observation & { readonly ageMs: number }) | null>;
  readonly samples: Reading<readonly SampleStatus[]>;
  readonly keyPath: Reading<KeyPathState>;
  readonly incident: Reading<IncidentStatus | null>;
  readonly claim: Reading<Omit<Claim, "ticket"> | null>;
  readonly failback: Reading<FailbackStatus | null>;
  readonly pauses: readonly Pause[];
  /** What operators have said on single guards, while it stands. */
  readonly overrides: readonly Override[];
  readonly asks: readonly Omit<Ask, "tokenHashes">[];
  /** Trouble that ended by itself, as this site counted it. */
  readonly blips: Reading<Blips>;
  /** Stores that did not say whether they hold a pause, an override or an ask. */
  readonly silentAt: readonly string[];
}

/** The newest sample of one database. */
type SampleStatus = Omit<Sample, "measuredAt"> & { readonly ageMs: number };

/** With the last decision about going home: why it has not happened yet. */
type FailbackStatus = Failback & { readonly decision: Decision | null };

type IncidentStatus = Pick<
  Incident,
  "id" | "openedBy" | "openedAt" | "outage" | "loss" | "call" | "phases" | "closedAt" | "end"
> &
  Partial<Decision> & {
    readonly heartbeatAgeMs: number | null;
    readonly motor: { readonly generation: number; readonly site: string | null };
    /** What the motor itself says; null where it runs elsewhere or says nothing. */
    readonly motorStatus: unknown;
  };

const MOTOR_MS = 3_000;

/** Reads everything side by side, each part under its own deadline. */
export async function groupStatus(
  app: App,
  client: DurableClient,
  group: Group,
): Promise<GroupStatus> {
  const now = app.ports.clock.now();
  const watch = await readPart(app, app.stores.own, (own) => readWatch(own, group.name));
  const primary = watch.kind === "read" ? watch.value.primary : null;
  const rolesMovedAt = watch.kind === "read" ? watch.value.lastRoleChangeAt : null;
  const stores = app.stores.both(group, primary ?? "home");
  const [blips, incident, claim, failback, pauses, overrides, asks] = await Promise.all([
    readPart(app, app.stores.own, (own) => readBlips(own, group.name)),
    // In the store of the region failed over to, which the roles' move makes the other one.
    readRowOfAny(app, stores, (store) => latestIncidentOf(store, group.name), {
      isOpen: (row) => row.closedAt === null,
      at: (row) => row.openedAt,
    }),
    readRowOfAny(app, stores, (store) => readClaim(store, group.name), {
      isOpen: (row) => row.state !== "spent",
      at: (row) => row.takenAt,
    }),
    readRowOfAny(app, stores, (store) => failbackStatus(store, group.name), {
      isOpen: () => true,
      at: (row) => row.failedOverAt,
    }),
    readListOfAll(
      app,
      stores,
      (store) => pausesIn(store, group.name, now),
      (row) => row.scope,
    ),
    readListOfAll(
      app,
      stores,
      (store) => overridesIn(store, group.name),
      (row) => `${row.guard} ${row.madeAt} ${row.withdrawnAt ?? ""}`,
    ),
    readListOfAll(
      app,
      stores,
      (store) => asksOf(store, group.name),
      (row) => row.id,
    ),
  ]);
  const motorStatus = await askMotor(app, client, incident);
  const known = {
    lastLook: map(watch, ({ looks }) => withAge(looks.at(-1) ?? null, now)),
    samples: map(watch, ({ samples }) => newestOfEach(samples, now)),
    keyPath: map(watch, (row) => keyPathNow(row, group.policy, now)),
    incident: map(incident, (row) => incidentStatus(row, motorStatus, now)),
    claim: map(claim, withoutTicket),
    pauses: pauses.rows,
    overrides: standingOverrides(overrides.rows, now, rolesMovedAt),
    asks: asks.rows.filter((ask) => isOpen(ask, now)).map(withoutHash),
    silentAt: [...new Set([...pauses.silentAt, ...overrides.silentAt, ...asks.silentAt])],
    failback,
    blips,
  };
  return {
    group: group.name,
    mode: group.policy.mode,
    state: stateOf(known, 4 * app.config.tickMs),
    primary: map(watch, (row) => (row.primary === null ? null : group[row.primary].id)),
    ...known,
  };
}

/** The worst that is true. What is not known is never shown as well. */
function stateOf(
  known: Pick<GroupStatus, "lastLook" | "incident" | "claim" | "pauses" | "silentAt" | "failback">,
  lookAgeMsMax: number,
): GroupStatus["state"] {
  const { lastLook, incident, claim, failback } = known;
  if (incident.kind === "read" && incident.value !== null && incident.value.closedAt === null) {
    return "incident";
  }
  if ([lastLook, incident, claim, failback].some((part) => part.kind === "unknown"))
    return "unknown";
  if (known.silentAt.length > 0) return "unknown";
  const look = lastLook.kind === "read" ? lastLook.value : null;
  if (look === null || look.ageMs > lookAgeMsMax || look.result === "blind") return "unknown";
  if (known.pauses.length > 0) return "paused";
  if (look.result === "no-answer" || look.result === "not-serving") return "suspicious";
  return failback.kind === "read" && failback.value !== null ? "away" : "watching";
}

async function askMotor(
  app: App,
  client: DurableClient,
  incident: Reading<Incident | null>,
): Promise<unknown> {
  if (incident.kind === "unknown" || incident.value === null) return null;
  const { value } = incident;
  if (value.closedAt !== null || value.motorSite !== app.config.self.name) return null;
  const { id: incidentId, group, motor } = value;
  const work = client.getStatus(motorId({ group, purpose: "fail-over", incidentId, motor }));
  const status = await within<Awaited<typeof work> | null>(
    app.ports.clock,
    MOTOR_MS,
    work,
    () => null,
  );
  return status?.customStatus ?? null;
}

async function failbackStatus(store: Store, group: string): Promise<FailbackStatus | null> {
  const row = await openFailbackOf(store, group);
  if (row === null) return null;
  const { decisionId } = row;
  const receipt = decisionId === null ? null : await readReceipt(store, group, decisionId);
  return { ...row, decision: receipt?.decision ?? null };
}

function incidentStatus(
  row: Incident | null,
  motorStatus: unknown,
  now: number,
): IncidentStatus | null {
  if (row === null) return null;
  const { id, openedBy, openedAt, outage, loss, call, phases, closedAt, end } = row;
  return {
    ...row.decision,
    ...{ id, openedBy, openedAt, outage, loss, call, phases, closedAt, end },
    heartbeatAgeMs: row.heartbeatAt === null ? null : Math.max(0, now - row.heartbeatAt),
    motor: { generation: row.motor, site: row.motorSite },
    motorStatus,
  };
}

function map<T, U>(reading: Reading<T>, to: (value: T) => U): Reading<U> {
  return reading.kind === "read" ? { kind: "read", value: to(reading.value) } : reading;
}

function withAge(look: Observation | null, now: number): (Observation & { ageMs: number }) | null {
  return look === null ? null : { ...look, ageMs: Math.max(0, now - look.endedAt) };
}

function newestOfEach(samples: readonly Sample[], now: number): readonly SampleStatus[] {
  const newest = new Map(samples.map((sample) => [sample.database, sample]));
  return [...newest.values()].map(({ measuredAt, ...sample }) => ({
    ...sample,
    ageMs: Math.max(0, now - measuredAt),
  }));
}

/** The poll URL is signed: whoever has it may follow, and perhaps more. */
function withoutTicket(claim: Claim | null): Omit<Claim, "ticket"> | null {
  if (claim === null) return null;
  const { ticket, ...rest } = claim;
  return rest;
}

function withoutHash(ask: Ask): Omit<Ask, "tokenHashes"> {
  const { tokenHashes, ...rest } = ask;
  return rest;
}

function isOpen(ask: Ask, now: number): boolean {
  return ask.answer === "none" && ask.expiresAt > now;
}
