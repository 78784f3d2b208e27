import type { Group, Instance } from "../domain/group.ts";
import type { AlertDetails } from "./common-alert.ts";

/**
 * The groups an alert is about: it names one of their instances, the failover group, something inside
 * either, or one of their `alertTargets` (a resource, or the alert rule itself).
 */
export function groupsConcerned(alert: AlertDetails, groups: readonly Group[]): readonly Group[] {
  const targets = alert.targets.map(normal);
  const rule = alert.ruleId === null ? null : normal(alert.ruleId);
  return groups.filter((group) => {
    const resources = resourcesOf(group);
    return (
      targets.some((target) => resources.some((resource) => isWithin(target, resource))) ||
      group.alertTargets.some((wanted) => normal(wanted) === rule)
    );
  });
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
  return id.trim().replace(/\/+$/, "").toLowerCase();
}
