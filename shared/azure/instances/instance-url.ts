import type { Instance } from "../../domain/group.ts";

/** The first stable version that has the key check and the update policy. */
export const INSTANCE_API_VERSION = "2025-01-01";

/** The address of an instance, or of something `below` it. */
export function instanceUrl(endpoint: string, instance: Instance, below: string): string {
  const [subscription, resourceGroup, name] = [
    instance.subscriptionId,
    instance.resourceGroup,
    instance.name,
  ].map(encodeURIComponent);
  return `${endpoint}/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/managedInstances/${name}${below}?api-version=${INSTANCE_API_VERSION}`;
}
