import type { ErrorClass } from "../../../shared/ports/failover-groups.ts";

const CODES: Readonly<Record<Exclude<ErrorClass, "unknown">, readonly string[]>> = {
  "already-done": [
    "InstanceFailoverGroupFailoverRequestOnPrimary",
    "InstanceFailoverGroupNotSecondary",
  ],
  busy: [
    "ConflictingServerOperation",
    "ConflictingSystemOperationInProgress",
    "GeoReplicationCannotBecomePrimaryDuringUndo",
    "InstanceFailoverGroupBusy",
    "OperationTimedOut",
    "SubscriptionRequestsThrottled",
    "SubscriptionTooManyCreateUpdateRequests",
    "SubscriptionTooManyRequests",
    "TooManyRequests",
    "UpdateSloInProgress",
  ],
  "escalate-by-policy": [
    "IncorrectReplicationLinkState",
    "PlannedFailoverTimedOut",
    "PlannedFailoverTimedOutForDatabase",
  ],
  "page-a-human": [
    "AuthorizationFailed",
    "AzureKeyVaultInvalidExpirationDate",
    "AzureKeyVaultKeyDisabled",
    "AzureKeyVaultMalformedVaultUri",
    "AzureKeyVaultMissingPermissions",
    "AzureKeyVaultNoServerIdentity",
    "AzureKeyVaultRsaKeyNotSupported",
    "DnsZoneMismatch",
    "GeoDrInstanceSizeMismatch",
    "GeoReplicationDatabaseNotSecondary",
    "InstanceFailoverGroupDoesNotExist",
    "InstanceFailoverGroupIncorrectNetworkingConfiguration",
    "InvalidDatabaseStateForOperation",
    "KeyMaterialNotFoundOnRemoteServer",
    "LinkedAuthorizationFailed",
    "ManagedInstanceHasHybridLink",
    "ResourceNotFound",
    "SameKeyMaterialNotFoundOnRemoteServer",
    "SameKeyUriNotFoundOnRemoteServer",
    "SecurityInvalidAzureKeyVaultRecoveryLevel",
    "ServerEditionMismatch",
    "ServerNotInSubscription",
    "ServerNotInSubscriptionResourceGroup",
    "SubscriptionDisabled",
    "UnableToResolveRemoteServer",
    "UnsupportedReplicationOperation",
  ],
  bug: ["InstanceFailoverGroupUpdateOrDeleteRequestOnSecondary"],
};

const CLASSES: readonly Exclude<ErrorClass, "unknown">[] = [
  "already-done",
  "busy",
  "escalate-by-policy",
  "page-a-human",
  "bug",
];

/** What the product is to make of a code: the simulated at the port speaks in these words. */
export function errorClassOf(code: string | null): ErrorClass {
  return CLASSES.find((name) => code !== null && CODES[name].includes(code)) ?? "unknown";
}
