/** What the app does through Resource Manager. */
export interface ArmAction {
  readonly action: string;
  /** Where it must be held: on the resource group of both instances, or on their subscriptions. */
  readonly scope: "resource-group" | "subscription";
  /** What it is needed for: acting, the proof of the key, or seeing. */
  readonly purpose: "act" | "prove-key" | "see";
  readonly why: string;
}

/**
 * Every action that the adapters of the app call for. The operation of a failover is polled on an address
 * of the subscription whose action is not published; a pattern over `locations` covers it.
 */
export const ARM_ACTIONS: readonly ArmAction[] = [
  needed(
    "act",
    "Microsoft.Sql/locations/instanceFailoverGroups/failover/action",
    "planned failover",
  ),
  needed(
    "act",
    "Microsoft.Sql/locations/instanceFailoverGroups/forceFailoverAllowDataLoss/action",
    "forced failover",
  ),
  needed(
    "prove-key",
    "Microsoft.Sql/managedInstances/validateAzureKeyVaultEncryptionKey/action",
    "the instance's own check of its key",
  ),
  needed("see", "Microsoft.Sql/locations/instanceFailoverGroups/read", "roles and policy"),
  needed("see", "Microsoft.Sql/managedInstances/read", "state and size of the instances"),
  needed("see", "Microsoft.Sql/managedInstances/operations/read", "operations in progress"),
  needed(
    "see",
    "Microsoft.Sql/managedInstances/inaccessibleManagedDatabases/read",
    "databases that do not open",
  ),
  needed("see", "Microsoft.Sql/managedInstances/encryptionProtector/read", "the key in use"),
  needed("see", "Microsoft.ResourceHealth/availabilityStatuses/read", "the platform's own word"),
  needed("see", "Microsoft.Insights/eventtypes/values/read", "what others did"),
  {
    action: "Microsoft.Sql/locations/*/read",
    scope: "subscription",
    purpose: "see",
    why: "polling an accepted failover",
  },
];

function needed(purpose: ArmAction["purpose"], action: string, why: string): ArmAction {
  return { action, scope: "resource-group", purpose, why };
}
