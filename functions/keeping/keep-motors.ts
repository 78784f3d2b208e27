import type { DurableClient } from "durable-functions";
import type { Incident } from "../../shared/domain/incident.ts";
import { freshMs } from "../../shared/domain/policy.ts";
import type { Watch } from "../../shared/domain/watch.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import type { App } from "../app.ts";
import { adoptClaim } from "./adopt-claim.ts";
import { isInLine, leads } from "./leads.ts";
import { booksOf, isDead, startMotor, takeMotor } from "./motor.ts";

/** A motor shows itself in every round: one that has not for so long is replaced, whatever its host says of it. */
const MOTOR_QUIET_MS = 30_000;
/** One that whoever leads has not brought to work for so long is replaced by whoever is next: a host may tick whose queues stand still. */
const LEADER_FAILS_MS = 60_000;
/** On top of a fresh look: where rounds are long, what one may take besides looking. */
const ROUND_MS = 2_000;
/** Longer than any grace: what a site counted whose store we cannot read is worth nothing. */
const DAY_MS = 24 * 60 * 60_000;

/** What a site goes by when it sees to the motors of a group. */
export interface Keeping {
  readonly client: DurableClient;
  readonly ledger: GroupLedger;
  readonly presence: Promise<Presence>;
  /** The other site's motor as it was last seen to move. */
  readonly motor: Watch["motor"];
}

/** Sees to it that every open incident of the group that is this site's to run has a live motor, and every claim an incident. */
export async function keepMotors(
  app: App,
  keeping: Keeping,
  stores: readonly LiveRows[],
): Promise<void> {
  const ours = booksOf(keeping.ledger);
  for (const rows of stores.filter(({ book }) => ours.includes(book))) {
    const { ledger, presence } = keeping;
    const incident = openIncidentIn(rows) ?? (await adoptClaim(app, ledger.group, presence, rows));
    if (incident !== null) await keepMotor(app, keeping, rows.book, incident);
  }
}

/** Starts the incident's motor if it is dead and this site is the one to run it, or whoever leads cannot. Safe to repeat. */
export async function keepMotor(
  app: App,
  { client, ledger, presence, motor }: Keeping,
  book: Book,
  incident: Incident,
): Promise<void> {
  const now = app.ports.clock.now();
  const { group } = ledger;
  const roundMs = freshMs(group.policy) + ROUND_MS;
  const leading = await leads(app, group, incident.expectedPrimary, presence);
  const quietMs = Math.max(leading ? MOTOR_QUIET_MS : LEADER_FAILS_MS, roundMs);
  const seen = watchMotor(app, incident, motor, now);
  if (!leading && (seen === null || !isInLine(app, group, incident.expectedPrimary))) return;
  const dead =
    incident.motorSite === app.config.self.name
      ? await isDead(client, incident, { purpose: "fail-over", now, quietMs })
      : silentForMs(seen, now) >= quietMs;
  if (!dead) return;
  // Its site may tick while its motor stands still: nobody has watched for that long.
  const stoodStillMs = seen === null ? 0 : silentForMs(seen, now);
  const unseenMs = Math.max(stoodStillMs, await unseenForMs(app, incident, presence));
  const by = { purpose: "fail-over", site: app.config.self.name, now, unseenMs } as const;
  const taken = await takeMotor(book, incident, by);
  if (taken !== null) await startMotor(client, taken);
}

/**
 * The motor of another site, and when it was last seen to work: kept at every tick, leading or not, since only
 * time can tell how long a motor has been silent. A motor that is new has been started, and has not worked yet.
 */
export function watchMotor(
  app: App,
  incident: Incident | null,
  last: Watch["motor"],
  now: number,
): Watch["motor"] {
  if (incident === null || incident.motorSite === null) return null;
  if (incident.motorSite === app.config.self.name) return null;
  const { id: incidentId, motor, heartbeatAt, phases } = incident;
  const seen = { incidentId, motor, heartbeatAt, hasSent: phases.postedAt !== null };
  if (last?.incidentId !== incidentId || last.changedAt > now) return { ...seen, changedAt: now };
  const works = last.motor === motor && last.heartbeatAt !== heartbeatAt;
  return { ...seen, changedAt: works ? now : last.changedAt };
}

/** For how long nothing has been heard of another site's motor, where there is one; whoever runs a live one keeps it. */
function silentForMs(motor: Watch["motor"], now: number): number {
  return motor === null ? DAY_MS : now - motor.changedAt;
}

/** How long the site that ran the motor has shown no sign of life, if it was another one. */
async function unseenForMs(
  app: App,
  { motorSite }: Incident,
  presence: Promise<Presence>,
): Promise<number> {
  if (motorSite === null || motorSite === app.config.self.name) return 0;
  return app.stores.at(motorSite) === null ? DAY_MS : (await presence).quietMs(motorSite);
}
