import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import { type Group, otherSide } from "../../shared/domain/group.ts";
import { isFollowed } from "../../shared/policy/evidence/protection.ts";
import type { UpdateabilityReading } from "../../shared/ports/sql.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { readGroupAt } from "../seeing/read-roles.ts";
import { eventId, sendEvent } from "../telling/send-once.ts";

/** An alarm that nobody has acted on is raised again this often. */
const ALARM_MS = 60 * 60_000;

/**
 * Is the group protected again after its failover? Says so once it is, and once an hour while it is
 * not, or while the old primary still takes writes.
 */
export async function watchProtection(
  app: App,
  group: Group,
  failback: Failback,
  bySecondary: GroupState,
): Promise<boolean> {
  const { clock, sql } = app.ports;
  const timeoutMs = group.policy.probeTimeoutMs;
  const left = group[otherSide(failback.awayOn)];
  const [byPrimary, answer] = await Promise.all([
    readGroupAt(app, group, failback.awayOn),
    within<UpdateabilityReading>(
      clock,
      timeoutMs,
      sql.updateability({ fqdn: left.fqdn, timeoutMs }),
      () => ({ kind: "unknown", because: "timeout" }),
    ),
  ]);
  const now = clock.now();
  const takesWrites =
    answer.kind === "read" && answer.databases.some((row) => row.updateability === "READ_WRITE");
  const followed = isFollowed({ byPrimary, bySecondary });
  const readOnly =
    answer.kind === "read" && answer.databases.every((row) => row.updateability === "READ_ONLY");
  const healthy = followed && readOnly;

  const hour = Math.floor((now - failback.failedOverAt) / ALARM_MS);
  const { name } = left;
  if (takesWrites) {
    const text = `${name} still takes writes though it is not primary: stop whoever writes to it, those rows will be lost`;
    await say(app, group, failback, {
      type: "page",
      key: `old-primary-takes-writes-${hour}`,
      text,
    });
  }
  if (healthy) {
    await say(app, group, failback, {
      type: "protected",
      key: "once",
      text: `${name} follows again`,
    });
  }
  if (!healthy && failback.protectedAt === null && hour > 0) {
    const text = `no secondary for ${hour} h: see whether ${name} is up and replication has resumed`;
    await say(app, group, failback, { type: "page", key: `not-protected-for-${hour}h`, text });
  }
  return healthy;
}

/** Remembered beside the present primary, so that a site that takes over does not say it again. */
async function say(
  app: App,
  group: Group,
  failback: Failback,
  news: Pick<OutgoingEvent, "type" | "text"> & { readonly key: string },
): Promise<void> {
  await sendEvent(app, app.stores.target(group, otherSide(failback.awayOn)), {
    id: eventId(failback.id, news.type, news.key),
    type: news.type,
    group: failback.group,
    incidentId: failback.incidentId,
    at: app.ports.clock.now(),
    urgent: news.type === "page",
    text: `${failback.group}: ${news.type}: ${news.text}`,
    data: { key: news.key },
  });
}
