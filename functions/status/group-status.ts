import type { DurableClient } from "durable-functions";
import { motorId } from "../../orchestrations/contracts.ts";
import { type Blips, NO_BLIPS } from "../../shared/domain/blips.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { Condition } from "../../shared/domain/condition.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { KeyPathState } from "../../shared/domain/facts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import { type Group, otherSide } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Sample } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Ask, Override, Pause } from "../../shared/domain/person.ts";
import type { UnreadableRow } from "../../shared/domain/tick-report.ts";
import { readReceipt } from "../../shared/ledger/audit.ts";
import { blipsIn } from "../../shared/ledger/blips.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import { conditionsIn } from "../../shared/ledger/conditions.ts";
import { failbackIn, isOver } from "../../shared/ledger/failbacks.ts";
import { type GroupLedger, readOwn } from "../../shared/ledger/group-ledger.ts";
import { incidentIn } from "../../shared/ledger/incidents.ts";
import { GROUP_KINDS } from "../../shared/ledger/live-kinds.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { overridesIn, standingOverrides } from "../../shared/ledger/overrides.ts";
import { keyProofIn, lastRoleChangeIn, looksIn, watchIn } from "../../shared/ledger/own-view.ts";
import { pausesIn } from "../../shared/ledger/pauses.ts";
import { asksIn } from "../../shared/ledger/people.ts";
import { keyPathNow } from "../../shared/policy/evidence/key-proof.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { readBoth } from "../seeing/read-ledger.ts";
import { once, type Part, partOf, partOfAny } from "./status-reading.ts";

/** What the ledger says of one group. Secrets are left out; what could not be read is unknown. */
interface GroupStatus {
  readonly group: string;
  readonly mode: string;
  readonly state: "incident" | "unknown" | "paused" | "suspicious" | "away" | "watching";
  readonly primary: Part<string | null>;
  readonly lastLook: Part<(Observation & { readonly ageMs: number }) | null>;
  readonly samples: Part<readonly SampleStatus[]>;
  readonly keyPath: Part<KeyPathState>;
  readonly incident: Part<IncidentStatus | null>;
  readonly claim: Part<Omit<Claim, "ticket"> | null>;
  readonly failback: Part<FailbackStatus | null>;
  readonly pauses: readonly Pause[];
  /** What operators have said on single guards, while it stands. */
  readonly overrides: readonly Override[];
  readonly asks: readonly Omit<Ask, "tokenHashes" | "older">[];
  /** Trouble that ended by itself, as this site counted it. */
  readonly blips: Part<Blips>;
  /** Rows that nobody can make anything of. */
  readonly unreadable: readonly UnreadableRow[];
  /** What lasts that somebody should know: of this group, and of all of them. */
  readonly conditions: readonly Condition[];
  /** Stores that did not say whether they hold a pause, an override or an ask. */
  readonly silentAt: readonly string[];
}

/** The newest sample of one database. */
type SampleStatus = Omit<Sample, "measuredAt"> & { readonly ageMs: number };

/** With the last decision about going home: why it has not happened yet. */
type FailbackStatus = Failback & { readonly decision: Decision | null };

type IncidentStatus = Pick<
  Incident,
  | "id"
  | "openedBy"
  | "openedAt"
  | "outage"
  | "loss"
  | "throttled"
  | "call"
  | "phases"
  | "closedAt"
  | "end"
> &
  Partial<Decision> & {
    readonly heartbeatAgeMs: number | null;
    readonly motor: { readonly generation: number; readonly site: string | null };
    /** What the motor itself says; null where it runs elsewhere or says nothing. */
    readonly motorStatus: unknown;
  };

const MOTOR_MS = 3_000;

/** Reads each store once, side by side: a store that is silent leaves its part unknown. */
export async function groupStatus(
  app: App,
  client: DurableClient,
  group: Group,
): Promise<GroupStatus> {
  const ledger = app.stores.of(group);
  const view = await readOwn(ledger);
  const { site } = ledger.own;
  const watch = partOf(view.rows, watchIn(view.rows));
  const read = await readBoth(app.stores, ledger, view.expectedPrimary, [view.rows]);
  const now = app.ports.clock.now();
  const stores = read.map((store) => store.group);
  // In the store of the region failed over to, which the roles' move makes the other one.
  const incident = partOfAny(stores, incidentIn, {
    isOpen: (row) => row.closedAt === null,
    at: (row) => row.openedAt,
  });
  const claim = partOfAny(stores, claimIn, {
    isOpen: (row) => row.state !== "spent",
    at: (row) => row.takenAt,
  });
  const pauses = read.map((store) => pausesIn([store.group, store.everyGroup], now));
  const [failback, motorStatus] = await Promise.all([
    failbackStatus(ledger, stores),
    askMotor(app, client, incident),
  ]);
  const silentAt = read.flatMap((store, at) =>
    store.group.silent || pauses[at]?.readable === false ? [store.group.book.site] : [],
  );
  const known = {
    lastLook: map(watch, () => withAge(looksIn(view, now).at(-1) ?? null, now)),
    samples: map(watch, (row) => newestOfEach(row?.samples ?? [], now)),
    keyPath: map(watch, () =>
      keyPathNow(keyProofIn(view, otherSide(view.expectedPrimary)), group.policy, now),
    ),
    incident: map(incident, (row) => incidentStatus(row, motorStatus, now)),
    claim: map(claim, withoutTicket),
    pauses: once(
      pauses.flatMap(({ standing }) => standing),
      ({ scope, owner }) => `${scope} ${owner}`,
    ),
    overrides: standingOverrides(stores.flatMap(overridesIn), now, lastRoleChangeIn(view)),
    asks: openAsks(stores.flatMap(asksIn)).map(withoutHash),
    silentAt,
    failback,
    blips: map(partOf(view.rows, blipsIn(view.rows)), (row) => row ?? NO_BLIPS),
    conditions: standingIn([...stores, ...read.map((store) => store.everyGroup)]),
    unreadable: [view.rows, ...stores.filter(({ book }) => book.site !== site)].flatMap((rows) =>
      rows.unreadable(GROUP_KINDS),
    ),
  };
  return {
    group: group.name,
    mode: group.policy.mode,
    state: stateOf(known, 4 * app.config.tickMs),
    primary: map(watch, () => (view.primary === null ? null : group[view.primary].id)),
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
  incident: Part<Incident | null>,
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

async function failbackStatus(
  ledger: GroupLedger,
  stores: readonly LiveRows[],
): Promise<Part<FailbackStatus | null>> {
  const part = partOfAny(stores, (rows) => failbackIn(rows, "partner"), {
    isOpen: (row) => !isOver(row),
    at: (row) => row.failedOverAt,
  });
  if (part.kind === "unknown") return part;
  const row = part.value;
  if (row === null || isOver(row)) return { kind: "read", value: null };
  const { decisionId } = row;
  const receipt =
    decisionId === null ? null : await readReceipt(ledger.target("partner"), decisionId);
  return { kind: "read", value: { ...row, decision: receipt?.decision ?? null } };
}

function incidentStatus(
  row: Incident | null,
  motorStatus: unknown,
  now: number,
): IncidentStatus | null {
  if (row === null) return null;
  const { id, openedBy, openedAt, outage, loss, throttled, call, phases, closedAt, end } = row;
  return {
    ...row.decision,
    ...{ id, openedBy, openedAt, outage, loss, throttled, call, phases, closedAt, end },
    heartbeatAgeMs: row.heartbeatAt === null ? null : Math.max(0, now - row.heartbeatAt),
    motor: { generation: row.motor, site: row.motorSite },
    motorStatus,
  };
}

function map<T, U>(reading: Part<T>, to: (value: T) => U): Part<U> {
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

function withoutHash(ask: Ask): Omit<Ask, "tokenHashes" | "older"> {
  const { tokenHashes, older, ...rest } = ask;
  return rest;
}

/** Those that nobody has answered or withdrawn: where two stores differ, the one that says more is right. */
function openAsks(asks: readonly Ask[]): readonly Ask[] {
  const settled = asks.filter(({ answer }) => answer !== "none").map(({ id }) => id);
  return once(asks, ({ id }) => id).filter(({ id }) => !settled.includes(id));
}

/** Those that are not over, each as whoever told of it last has it. */
function standingIn(rows: readonly LiveRows[]): readonly Condition[] {
  const all = rows.flatMap(conditionsIn).toSorted((a, b) => (a.toldAt ?? 0) - (b.toldAt ?? 0));
  return once(all, (row) => `${row.group} ${row.type} ${row.subject}`).filter(
    ({ badSinceAt }) => badSinceAt !== null,
  );
}
