import type { Group, Instance } from "../domain/group.ts";
import type { AlertDetails } from "./common-alert.ts";

/**
 * The groups an alert is about: it names one of their instances, the failover group, something inside
 * either, or one of their `alertTargets` (a resource, or the alert rule itself).
 */
export function groupsConcerned(alert: AlertDetails, groups: readonly Group[]): readonly Group[] {
  const targets = [...alert.targets, ...alert.queried].map(normal);
  const isOfRule = ruleMatcher(alert);
  return groups.filter((group) => {
    const resources = resourcesOf(group);
    return (
      targets.some((target) => resources.some((resource) => isWithin(target, resource))) ||
      group.alertTargets.some((wanted) => isOfRule(normal(wanted)))
    );
  });
}

/** Log alerts are sent without the id of their rule: then its name and its subscription tell. */
function ruleMatcher(alert: AlertDetails): (wanted: string) => boolean {
  if (alert.ruleId !== null) {
    const rule = normal(alert.ruleId);
    return (wanted) => wanted === rule;
  }
  const sentFrom = new Set([alert.alertId, ...alert.targets].map(subscriptionOf));
  const name = alert.rule.toLowerCase();
  return (wanted) =>
    wanted.includes("/providers/microsoft.insights/") &&
    wanted.endsWith(`/${name}`) &&
    sentFrom.has(subscriptionOf(wanted));
}

function subscriptionOf(id: string | null): string {
  const [, first = "", subscription = ""] = (id ?? "").toLowerCase().split("/", 3);
  return first === "subscriptions" ? subscription : "none";
}

/** Groups with an instance below one of the alert's targets: news about a whole subscription is theirs too. */
export function groupsBelow(alert: AlertDetails, groups: readonly Group[]): readonly Group[] {
  const targets = alert.targets.map(normal);
  return groups.filter((group) =>
    resourcesOf(group).some((resource) => targets.some((target) => isWithin(resource, target))),
  );
}

function resourcesOf(group: Group): readonly string[] {
  const sides = [group.home, group.partner];
  return [
    ...sides.map((side) => side.id),
    ...sides.map((side) => failoverGroupId(group.name, side)),
    ...group.alertTargets,
  ].map(normal);
}

function failoverGroupId(name: string, side: Instance): string {
  return `/subscriptions/${side.subscriptionId}/resourceGroups/${side.resourceGroup}/providers/Microsoft.Sql/locations/${side.region}/instanceFailoverGroups/${name}`;
}

function isWithin(id: string, resource: string): boolean {
  return resource !== "" && (id === resource || id.startsWith(`${resource}/`));
}

/** ARM ids are compared without regard to case; senders differ in the slash at the end. */
function normal(id: string): string {
  const text = id.trim();
  let end = text.length;
  while (end > 0 && text[end - 1] === "/") end -= 1;
  return text.slice(0, end).toLowerCase();
}
