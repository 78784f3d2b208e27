import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { isFollowed } from "../../shared/policy/evidence/protection.ts";
import type { App } from "../app.ts";
import { readGroupAt } from "../seeing/read-roles.ts";
import { eventId, sendOnceAmongTicks } from "../telling/send-once.ts";

/** An alarm that nobody has acted on is raised again this often. */
const ALARM_MS = 60 * 60_000;

interface Watching {
  readonly ledger: GroupLedger;
  /** What both stores of the group have shown in this tick. */
  readonly rows: readonly LiveRows[];
}

/**
 * Is the group protected again after its failover? Says so once it is, and once an hour while the old primary still
 * takes writes. That it is not is a condition.
 */
export async function watchProtection(
  app: App,
  at: Watching,
  failback: Failback,
  bySecondary: GroupState,
): Promise<boolean> {
  const { group } = at.ledger;
  const { clock, sql } = app.ports;
  const timeoutMs = group.policy.probeTimeoutMs;
  const left = group[otherSide(failback.awayOn)];
  const [byPrimary, answer] = await Promise.all([
    readGroupAt(app, group, failback.awayOn),
    sql.updateability({ fqdn: left.fqdn, timeoutMs }),
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
    await say(app, at, failback, {
      type: "page",
      key: `old-primary-takes-writes-${hour}`,
      text,
    });
  }
  if (healthy) {
    await say(app, at, failback, {
      type: "protected",
      key: "once",
      text: `${name} follows again`,
    });
  }
  return healthy;
}

/**
 * Remembered beside the present primary, so that a site that takes over does not say it again; where that store is
 * silent in the other one: what nothing remembers is said at every tick.
 */
async function say(
  app: App,
  { ledger, rows }: Watching,
  failback: Failback,
  news: Pick<OutgoingEvent, "type" | "text"> & { readonly key: string },
): Promise<void> {
  const event: OutgoingEvent = {
    id: eventId(failback.id, news.type, news.key),
    type: news.type,
    group: failback.group,
    incidentId: failback.incidentId,
    at: app.ports.clock.now(),
    urgent: news.type === "page",
    text: `${failback.group}: ${news.type}: ${news.text}`,
    data: { key: news.key },
  };
  const beside = ledger.target(otherSide(failback.awayOn));
  const answering = rows.filter(({ silent }) => !silent).map(({ book }) => book);
  const book = answering.includes(beside) ? beside : (answering[0] ?? beside);
  await sendOnceAmongTicks(app, book, event, failback.failedOverAt);
}
