import type { OutgoingEvent } from "../shared/domain/event.ts";
import type { GroupState } from "../shared/domain/facts.ts";
import type { Failback } from "../shared/domain/failback.ts";
import type { Group } from "../shared/domain/group.ts";
import type { UpdateabilityReading } from "../shared/ports/sql.ts";
import type { App } from "./app.ts";
import { within } from "./deadline.ts";
import { eventId, sendEvent } from "./send-event.ts";

/** An alarm that nobody has acted on is raised again this often. */
const ALARM_MS = 60 * 60_000;

/**
 * Is the group protected again after its failover? Says so once it is, and once an hour while it is
 * not, or while the old primary still takes writes: whatever store is lost, from our own.
 */
export async function watchProtection(
  app: App,
  group: Group,
  failback: Failback,
  state: GroupState,
): Promise<boolean> {
  const { clock, sql } = app.ports;
  const timeoutMs = group.policy.probeTimeoutMs;
  const home = await within<UpdateabilityReading>(
    clock,
    timeoutMs,
    sql.updateability({ fqdn: group.home.fqdn, timeoutMs }),
    () => ({ kind: "unknown", because: "timeout" }),
  );
  const now = clock.now();
  const takesWrites =
    home.kind === "read" && home.databases.some((row) => row.updateability === "READ_WRITE");
  const healthy =
    state.kind === "read" &&
    state.targetRole === "secondary" &&
    /catch_?up|synchroni[sz]/i.test(state.replicationState) &&
    home.kind === "read" &&
    !takesWrites;

  const hour = Math.floor((now - failback.failedOverAt) / ALARM_MS);
  if (takesWrites) await say(app, failback, "page", `old-primary-takes-writes-${hour}`);
  if (healthy) await say(app, failback, "protected", "once");
  if (!healthy && failback.protectedAt === null && hour > 0) {
    await say(app, failback, "page", `not-protected-for-${hour}h`);
  }
  return healthy;
}

async function say(
  app: App,
  failback: Failback,
  type: OutgoingEvent["type"],
  key: string,
): Promise<void> {
  await sendEvent(app, app.stores.own, {
    id: eventId(failback.id, type, key),
    type,
    group: failback.group,
    incidentId: failback.incidentId,
    at: app.ports.clock.now(),
    urgent: type === "page",
    text: `${failback.group}: ${type}: ${key}`,
    data: {},
  });
}
