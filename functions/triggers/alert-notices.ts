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
        ? "it names no resource: send it to alert/{group} or take it off this action group"
        : `if it concerns a group, add to that group: ${line}`;
  await tellOnce(app, `unmatched:${unknownGroup ?? ""}:${alert.ruleId ?? alert.rule}`, {
    group: EVERY_GROUP,
    incidentId: null,
    text: `Alert ${alert.rule} matches no group; ${advice}.`,
    data: { rule: alert.rule, line, targets: alert.targets.slice(0, 10) },
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

function lineToAdd(alert: AlertDetails): string | null {
  const [target] = alert.targets;
  const named = target ?? alert.ruleId;
  return named === null || named === undefined ? null : `alertTargets: [${JSON.stringify(named)}]`;
}

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
