import type { AlertDetails, AlertReading } from "../../shared/alerts/common-alert.ts";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Group } from "../../shared/domain/group.ts";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { sendOnce } from "../telling/send-once.ts";

/** Tells once per alert rule that its alerts lead nowhere, and what to write so that they do. */
export async function tellUnmatched(
  app: App,
  alert: AlertDetails,
  unknownGroup: string | null = null,
): Promise<void> {
  const known = app.config.groups.map((group) => group.name).join(", ");
  const line = lineToAdd(alert);
  const advice =
    unknownGroup !== null
      ? `it was sent to alert/${unknownGroup.slice(0, 100)}, and configured are ${known}`
      : line === null
        ? `${alert.targets.length === 0 ? "it names no resource" : "it names only what many share"}: send it to alert/{group} or take it off this action group`
        : `if it concerns a group, add to that group: ${line}`;
  await tellOnce(app, `unmatched:${unknownGroup ?? ""}:${alert.ruleId ?? alert.rule}`, {
    group: EVERY_GROUP,
    incidentId: null,
    text: `Alert ${alert.rule} matches no group; ${advice}.`,
    data: { rule: alert.rule, line, targets: alert.targets.slice(0, 10) },
  });
}

/** Tells once per alert rule that its alerts come at another time than they fired, and open nothing. */
export async function tellNotOfNow(app: App, alert: AlertDetails, group: Group): Promise<void> {
  const firedAt = alert.firedAt === null ? "unknown" : new Date(alert.firedAt).toISOString();
  await tellOnce(app, `not-of-now:${group.name}:${alert.ruleId ?? alert.rule}`, {
    group: group.name,
    incidentId: null,
    text: `Alert ${alert.rule} for ${group.name} is not of now: it fired at ${firedAt}. Recorded, nothing started.`,
    data: { rule: alert.rule, alertId: alert.alertId, firedAt },
  });
}

/** Tells once per alert that Azure Monitor sees it resolved. It ends nothing: our own looks do. */
export async function tellResolved(app: App, alert: AlertDetails, group: Group): Promise<void> {
  await tellOnce(app, `resolved:${group.name}:${alert.alertId ?? alert.rule}`, {
    group: group.name,
    incidentId: null,
    text: `Alert ${alert.rule} for ${group.name} is resolved, says Azure Monitor.`,
    data: { rule: alert.rule, alertId: alert.alertId },
  });
}

/** Tells once per kind of fault that somebody sends alerts that cannot be read. */
export async function tellRefused(
  app: App,
  alert: Extract<AlertReading, { kind: "refused" }>,
): Promise<void> {
  await tellOnce(app, `refused:${alert.because}:${alert.found}`, {
    group: EVERY_GROUP,
    incidentId: null,
    text: `An alert was refused: ${alert.because}: ${alert.found}. Switch on the common alert schema for this receiver.`,
    data: { because: alert.because, found: alert.found },
  });
}

/** A workspace is no group's own: who claimed it would open incidents at every alert of every rule on it. */
function lineToAdd(alert: AlertDetails): string | null {
  const own = [...alert.targets, ...alert.queried].find((target) => !isShared(target));
  const named = own ?? alert.ruleId;
  return named === null ? null : `alertTargets: [${JSON.stringify(named)}]`;
}

function isShared(target: string): boolean {
  return SHARED_KINDS.some((kind) => target.toLowerCase().includes(kind));
}

const SHARED_KINDS = ["/microsoft.operationalinsights/", "/microsoft.insights/"];

/** Sends a notice unless one of this key was sent from here before. A failed one is tried at the next call. */
async function tellOnce(
  app: App,
  key: string,
  notice: Pick<OutgoingEvent, "group" | "incidentId" | "text" | "data">,
): Promise<void> {
  const at = app.ports.clock.now();
  const id = `notice-${digestOf(key).slice(0, 32)}`;
  const event: OutgoingEvent = { ...notice, id, type: "notice", at, urgent: false };
  // It is told once for good, whenever: no instant is its own.
  await sendOnce(app, app.stores.own, event, 0);
}
