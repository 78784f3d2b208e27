import { Failback } from "../domain/failback.ts";
import type { Side } from "../domain/group.ts";
import type { Book } from "./book.ts";
import type { LiveRows } from "./live-rows.ts";
import { type Reading, valueOrNull } from "./reading.ts";
import { changeRow, type RowType, type Versioned } from "./rows.ts";

/** One that cannot be read counts as none: the next failover to that side takes its place. */
export const FAILBACK: RowType<Failback> = {
  kind: "failback",
  schema: Failback,
  unreadable: "replace",
};

/** What a failover leaves to do begins now. */
export function newFailback(
  begun: Pick<Failback, "id" | "group" | "incidentId" | "awayOn" | "failedOverAt" | "state"> &
    Partial<Pick<Failback, "verified">>,
): Failback {
  return {
    verified: false,
    ...begun,
    protectedAt: null,
    healthySinceAt: null,
    motor: 0,
    motorSite: null,
    heartbeatAt: null,
    decisionId: null,
    gist: null,
    heard: null,
    consideredAt: null,
    doneAt: null,
  };
}

/** What the last failover to that side left to do, open or not. One row per group and side. */
export function failbackIn(rows: LiveRows, awayOn: Side): Reading<Failback> {
  return rows.one(FAILBACK, awayOn);
}

/** Whether nothing is left to do on the way home. */
export function isOver({ state }: Pick<Failback, "state">): boolean {
  return state === "done";
}

/** What a failover to that side left to do, by all that was read; over as soon as one store says so. */
export function newestFailback(stores: readonly LiveRows[], awayOn: Side): Failback | null {
  const known = stores.flatMap((rows) => valueOrNull(failbackIn(rows, awayOn)) ?? []);
  const newestAt = Math.max(...known.map((row) => row.failedOverAt));
  const newest = known.filter((row) => row.failedOverAt === newestAt);
  return newest.some(isOver) ? null : (newest[0] ?? null);
}

/** Writes down that the group is away from home. The same failover written again changes nothing. */
export async function scheduleFailback(book: Book, failback: Failback): Promise<void> {
  await changeRow({ book, type: FAILBACK, id: failback.awayOn }, (now) =>
    now?.id === failback.id ? null : failback,
  );
}

/** The row of one failover: of the side that it led to. */
export type FailbackKey = Pick<Failback, "id" | "awayOn">;

/** Changes the open failback; null when it is another one or over. */
export async function changeFailback(
  book: Book,
  { id, awayOn }: FailbackKey,
  change: (failback: Failback) => Failback | null,
  known?: Reading<Failback>,
): Promise<Versioned<Failback> | null> {
  const outcome = await changeRow({ book, type: FAILBACK, id: awayOn, known }, (now) =>
    now === null || now.id !== id || isOver(now) ? null : change(now),
  );
  return outcome.kind === "changed" ? outcome : null;
}
