import { Failback } from "../domain/failback.ts";
import type { Side } from "../domain/group.ts";
import type { Store } from "../ports/store.ts";
import { changeRow, type RowType, readRow } from "./rows.ts";

export const FAILBACK: RowType<Failback> = { kind: "failback", schema: Failback };

/** What a failover leaves to do begins now. */
export function newFailback(
  begun: Pick<Failback, "id" | "group" | "incidentId" | "awayOn" | "failedOverAt" | "state">,
): Failback {
  return {
    ...begun,
    protectedAt: null,
    healthySinceAt: null,
    motor: 0,
    motorSite: null,
    heartbeatAt: null,
    decisionId: null,
    gist: null,
    consideredAt: null,
    doneAt: null,
  };
}

/** What the last failover to that side left to do, open or not. One row per group and side. */
export async function latestFailbackOf(
  store: Store,
  group: string,
  awayOn: Side,
): Promise<Failback | null> {
  return (await readRow(store, FAILBACK, group, awayOn))?.value ?? null;
}

/** The group's road home, if one is open. */
export async function openFailbackOf(store: Store, group: string): Promise<Failback | null> {
  const row = await latestFailbackOf(store, group, "partner");
  return row === null || isOver(row) ? null : row;
}

/** Whether nothing is left to do on the way home. */
export function isOver({ state }: Pick<Failback, "state">): boolean {
  return state === "done";
}

/** Writes down that the group is away from home. The same failover written again changes nothing. */
export async function scheduleFailback(store: Store, failback: Failback): Promise<void> {
  await changeRow(store, FAILBACK, failback.group, failback.awayOn, (now) =>
    now?.id === failback.id ? null : failback,
  );
}

/** Changes the open failback; null when it is another one or over. */
export async function changeFailback(
  store: Store,
  group: string,
  id: string,
  change: (failback: Failback) => Failback,
  awayOn: Side = "partner",
): Promise<Failback | null> {
  const { value, changed } = await changeRow(store, FAILBACK, group, awayOn, (now) =>
    now === null || now.id !== id || isOver(now) ? null : change(now),
  );
  return changed ? value : null;
}
