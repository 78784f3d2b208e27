import type { ErrorClass } from "../ports/failover-groups.ts";
/** What Azure's code asks for next, and what it says in our words. */
export interface ArmErrorRow {
  readonly errorClass: ErrorClass;
  readonly says: string;
}

const BY_CLASS: Readonly<Record<ErrorClass, Readonly<Record<string, string>>>> = {
  "already-done": {
    InstanceFailoverGroupFailoverRequestOnPrimary: "this side is primary already",
    InstanceFailoverGroupNotSecondary: "this side is not the secondary (any more)",
  },
  busy: {
    "429": "something else holds the lock",
    ConflictingServerOperation: "another operation runs on the instance",
    ConflictingSystemOperationInProgress: "the platform works on the instance",
    GeoReplicationCannotBecomePrimaryDuringUndo: "a database still undoes the last role change",
    InstanceFailoverGroupBusy: "another operation runs on the group",
    ManagedInstanceFailoverThrottled: "local failovers are limited to one in 15 minutes",
    OperationTimedOut: "it took too long and was rolled back",
    SubscriptionRequestsThrottled: "too many requests of this identity",
    SubscriptionTooManyCreateUpdateRequests: "too many changes in the subscription",
    SubscriptionTooManyRequests: "too many requests in the subscription",
    TooManyRequests: "too many requests",
    UpdateSloInProgress: "the instance is being scaled",
  },
  "escalate-by-policy": {
    IncorrectReplicationLinkState: "the link is not in a state that allows a planned failover",
    PlannedFailoverTimedOut: "the planned failover did not finish in time",
    PlannedFailoverTimedOutForDatabase: "one database did not finish in time: the policy asks",
  },
  "page-a-human": {
    AkvKeyAccessDenied: "the instance may not use its key",
    AkvKeyAccessGeneral403: "the vault refuses the instance",
    AkvKeyDeleted: "the key is deleted",
    AkvKeyDisabled: "the key is disabled",
    AkvKeyOperationNotAllowed: "the key does not allow wrap and unwrap",
    AkvKeyOperationNotAllowedByFirewall: "the vault's firewall refuses the instance",
    AkvKeyOperationNotAllowedByRBAC: "the instance has no role on the key",
    AuthorizationFailed: "our identity lacks the right that the message names",
    AzureKeyVaultInvalidExpirationDate: "the key has expired, or its date is not accepted",
    AzureKeyVaultKeyDisabled: "the key is disabled",
    AzureKeyVaultKeyNameNotFound: "the vault has no key of that name",
    AzureKeyVaultMalformedVaultUri: "the key's address is malformed",
    AzureKeyVaultMissingPermissions: "the instance lacks rights on the key",
    AzureKeyVaultNoServerIdentity: "the instance has no identity to open the vault with",
    AzureKeyVaultRsaKeyNotSupported: "the kind or size of the key is not supported",
    DnsZoneMismatch: "the two instances are in different DNS zones",
    Forbidden: "Azure refuses our identity",
    GeoDrInstanceSizeMismatch: "the secondary is smaller than the primary",
    GeoReplicationDatabaseNotSecondary: "a database of the group is not a secondary here",
    InstanceFailoverGroupDoesNotExist: "there is no such group",
    InstanceFailoverGroupIncorrectNetworkingConfiguration: "the instances cannot reach each other",
    InvalidDatabaseStateForOperation: "a database is in a state that forbids it",
    KeyMaterialNotFoundOnRemoteServer: "the other instance lacks the key",
    LinkedAuthorizationFailed: "our identity lacks a right on a linked resource",
    ManagedInstanceHasHybridLink: "the instance has a link to a SQL Server",
    ResourceGroupNotFound: "there is no such resource group",
    ResourceNotFound: "there is no such resource",
    SameKeyMaterialNotFoundOnRemoteServer: "the other instance lacks the same key material",
    SameKeyUriNotFoundOnRemoteServer: "the other instance lacks the same key",
    ScopeLocked: "a management lock forbids it",
    SecurityInvalidAzureKeyVaultRecoveryLevel: "the vault lacks soft delete or purge protection",
    ServerEditionMismatch: "the two instances are of different tiers",
    ServerNotInSubscription: "the instance is not in that subscription",
    ServerNotInSubscriptionResourceGroup: "the instance is not in that resource group",
    SubscriptionDisabled: "the subscription is disabled",
    SubscriptionNotFound: "there is no such subscription",
    UmiMissingAkvPermissions: "the instance's identity lacks rights on the vault",
    UnableToResolveRemoteServer: "the other instance's name does not resolve",
    UnsupportedReplicationOperation: "the group does not support this operation",
  },
  bug: {
    InstanceFailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFields:
      "answers a change of the grace period, which we never send",
    InstanceFailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFieldsForManualPolicy:
      "answers a change of the grace period, which we never send",
    InstanceFailoverGroupCreateOrUpdateRequestInvalidReadWriteFailoverPolicy:
      "answers a change of the policy, which we never send",
    InstanceFailoverGroupCreateOrUpdateRequestNegativeGracePeriodValues:
      "answers a change of the grace period, which we never send",
    InstanceFailoverGroupUpdateOrDeleteRequestOnSecondary:
      "answers an update or delete, which we never send",
    InvalidApiVersionParameter: "we ask with an api-version Azure does not know",
    InvalidManagedInstanceValidateAzureKeyVaultEncryptionKeyRequest: "our key check is malformed",
    InvalidParameter: "a value we sent is not accepted",
    InvalidResourceType: "we ask for a kind of resource Azure does not know",
  },
  unknown: {
    AkvEndpointNotReachableFromNode: "the instance cannot reach the vault at the moment",
    AkvHostNotResolvingFromNode: "the vault's name does not resolve at the instance",
    AkvKeyDNS: "the vault's name does not resolve at the instance",
    AkvKeyTimeout: "the vault did not answer the instance in time",
    AuthenticationFailed: "our token is not accepted",
    AzureKeyVaultConnectionFailed: "the vault could not be connected to",
    AzureKeyVaultGenericConnectionError: "the vault could not be connected to",
    Canceled: "the operation was cancelled: read the roles",
    DeploymentFailed: "a wrapper: the code that matters is inside",
    ExpiredAuthenticationToken: "our token has expired",
    GatewayTimeout: "the gateway gave up: it may have happened",
    InternalServerError: "Azure failed: it may have happened",
    InvalidAuthenticationToken: "our token is not accepted",
    InvalidAuthenticationTokenTenant: "our token is of another tenant",
    MultipleErrorsOccurred: "a wrapper: the codes that matter are inside",
    OperationCancelled: "the operation was cancelled: read the roles",
    OperationIdNotFound: "Azure knows no such operation: read the roles",
    OperationInterrupted: "the operation was interrupted: read the roles",
    RequestTimeout: "it took too long: it may have happened",
    ResourceGroupDeletionTimeout: "a resource group was not deleted in time: not ours",
    ServerTimeout: "the gateway gave up: it may have happened",
    ServiceUnavailable: "Azure is not available: it may have happened",
  },
};

/** The one table: every documented code, and every code seen on the wire, by its name. */
export const ARM_ERRORS: ReadonlyMap<string, ArmErrorRow> = new Map(
  everyClass().flatMap((errorClass) =>
    Object.entries(BY_CLASS[errorClass]).map(
      ([code, says]) => [code, { errorClass, says }] as const,
    ),
  ),
);

const ROW_BY_LOWER_CASE = new Map(
  [...ARM_ERRORS].map(([code, row]) => [code.toLowerCase(), row] as const),
);

function everyClass(): readonly ErrorClass[] {
  return ["already-done", "busy", "escalate-by-policy", "page-a-human", "bug", "unknown"];
}

/** What to do next about an answer with this code. A code that is not in the table, or none, is unknown. */
export function classifyArmError(code: string | null): ErrorClass {
  return rowOf(code)?.errorClass ?? "unknown";
}

/** The same of a refused request: where nobody knows the code, the status of HTTP tells. */
export function classifyRefusal(status: number, code: string | null): ErrorClass {
  const row = rowOf(code);
  if (row !== undefined) return row.errorClass;
  if (BUSY.has(status)) return "busy";
  // Our token, or somebody on the way: it may pass by itself. Anything else is no better in a few seconds.
  return status === 401 || status === 403 ? "unknown" : "bug";
}

const RUNS: ReadonlySet<string> = new Set([
  "conflictingserveroperation",
  "conflictingsystemoperationinprogress",
  "instancefailovergroupbusy",
]);

/** Does a refusal with this code say that an operation runs on the group or the instance? */
export function saysThatOneRuns(code: string | null): boolean {
  return code !== null && RUNS.has(code.toLowerCase());
}

/** Whether a code has a row. */
export function isKnownArmError(code: string | null): boolean {
  return rowOf(code) !== undefined;
}

/** Conflict, locked, too many requests, come back later: by HTTP itself they mean "wait". */
const BUSY: ReadonlySet<number> = new Set([409, 423, 429, 503]);

function rowOf(code: string | null): ArmErrorRow | undefined {
  return code === null ? undefined : ROW_BY_LOWER_CASE.get(code.toLowerCase());
}

/** The table as a Markdown page. */
export function renderArmErrors(): string {
  const rows = [...ARM_ERRORS].map(
    ([code, { errorClass, says }]) => `| ${errorClass} | \`${code}\` | ${says} |`,
  );
  return `# What Azure's error codes mean to us

Generated from \`shared/azure/arm-errors.ts\`. A code that is not here is *unknown*: nothing is concluded from it. Where a
request is refused with such a code, or with none, the status tells what to do: 409, 423, 429, and a 503 that says how
long, are *busy* (we wait as long as \`Retry-After\` asks, ten minutes at most); 401 and 403 are *unknown*; other 4xx
are *bug*, and asked again only after five minutes. A known code wins over any status.
Whatever the code, a failover has happened only when the roles say so.

| class | code | says |
|---|---|---|
${rows.join("\n")}
`;
}
