import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  ARM_ERRORS,
  classifyArmError,
  renderArmErrors,
  saysThatOneRuns,
} from "../../shared/azure/arm-errors.ts";
import { readArmError } from "../../shared/azure/read-arm-error.ts";

/** Every code that Azure documents for the two failover calls, and for the key check. */
const DOCUMENTED = `
InstanceFailoverGroupFailoverRequestOnPrimary InstanceFailoverGroupNotSecondary
InstanceFailoverGroupDoesNotExist PlannedFailoverTimedOut PlannedFailoverTimedOutForDatabase
GeoReplicationDatabaseNotSecondary IncorrectReplicationLinkState KeyMaterialNotFoundOnRemoteServer
SameKeyMaterialNotFoundOnRemoteServer SameKeyUriNotFoundOnRemoteServer AzureKeyVaultKeyDisabled
AzureKeyVaultInvalidExpirationDate AzureKeyVaultMissingPermissions AzureKeyVaultNoServerIdentity
AzureKeyVaultMalformedVaultUri AzureKeyVaultRsaKeyNotSupported
SecurityInvalidAzureKeyVaultRecoveryLevel DnsZoneMismatch ServerEditionMismatch
GeoDrInstanceSizeMismatch InstanceFailoverGroupIncorrectNetworkingConfiguration
UnableToResolveRemoteServer InstanceFailoverGroupUpdateOrDeleteRequestOnSecondary
InstanceFailoverGroupCreateOrUpdateRequestNegativeGracePeriodValues ResourceNotFound
OperationIdNotFound ServerNotInSubscription ServerNotInSubscriptionResourceGroup
UnsupportedReplicationOperation InstanceFailoverGroupBusy ConflictingServerOperation
ConflictingSystemOperationInProgress UpdateSloInProgress
GeoReplicationCannotBecomePrimaryDuringUndo OperationCancelled OperationInterrupted
InvalidDatabaseStateForOperation ManagedInstanceHasHybridLink SubscriptionDisabled
SubscriptionTooManyRequests SubscriptionTooManyCreateUpdateRequests OperationTimedOut
TooManyRequests AzureKeyVaultConnectionFailed AzureKeyVaultGenericConnectionError RequestTimeout
AkvKeyDNS AkvHostNotResolvingFromNode AkvKeyTimeout AkvEndpointNotReachableFromNode
AkvKeyOperationNotAllowedByFirewall AkvKeyOperationNotAllowedByRBAC AkvKeyAccessDenied
AkvKeyAccessGeneral403 UmiMissingAkvPermissions AkvKeyDisabled AkvKeyDeleted
AkvKeyOperationNotAllowed InvalidManagedInstanceValidateAzureKeyVaultEncryptionKeyRequest
AzureKeyVaultKeyNameNotFound
`
  .trim()
  .split(/\s+/);

test("every documented code has its row", () => {
  expect(DOCUMENTED.filter((code) => !ARM_ERRORS.has(code))).toEqual([]);
});

test("a code has one row, in whatever case it comes", () => {
  const names = [...ARM_ERRORS.keys()].map((code) => code.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  expect(classifyArmError("INSTANCEFAILOVERGROUPBUSY")).toBe("busy");
});

test("only a refusal that says that something runs says so, of all that Azure may answer", () => {
  const codes = [...ARM_ERRORS.keys(), "http-409", "http-423", "http-429", "http-503", "", null];
  expect(codes.filter(saysThatOneRuns)).toEqual([
    "ConflictingServerOperation",
    "ConflictingSystemOperationInProgress",
    "InstanceFailoverGroupBusy",
  ]);
});

test("no code, and a code nobody knows, are unknown", () => {
  expect(classifyArmError(null)).toBe("unknown");
  expect(classifyArmError("BrandNewCode")).toBe("unknown");
  expect(classifyArmError("constructor")).toBe("unknown");
});

test("key trouble and missing rights are never waited out, nor forced through", () => {
  const codes = ["AkvKeyDisabled", "SameKeyUriNotFoundOnRemoteServer", "AuthorizationFailed"];
  expect(new Set(codes.map(classifyArmError))).toEqual(new Set(["page-a-human"]));
});

test.each([
  ["the usual envelope", '{"error":{"code":"A","message":"b"}}', "A", "b"],
  ["no envelope, capitals", '{"Code":"429","Message":"locked"}', "429", "locked"],
  ["an envelope in capitals", '{"Error":{"Code":"A","Message":"b"}}', "A", "b"],
  ["a number for a code", '{"error":{"code":45157,"message":"b"}}', "45157", "b"],
  [
    "an error that is a text",
    '{"error":"invalid_request","error_description":"no identity"}',
    "invalid_request",
    "no identity",
  ],
  ["a message alone", '{"statusCode":500,"message":"oops"}', null, "oops"],
  [
    "a wrapper",
    '{"error":{"code":"MultipleErrorsOccurred","message":"see","details":[{"code":"InstanceFailoverGroupBusy","message":"b"}]}}',
    "InstanceFailoverGroupBusy",
    "b",
  ],
  [
    "a wrapper around nothing",
    '{"error":{"code":"MultipleErrorsOccurred","message":"see","details":[]}}',
    "MultipleErrorsOccurred",
    "see",
  ],
  [
    "a general code outside, a known one inside",
    '{"error":{"code":"Conflict","message":"c","details":[{"code":"InstanceFailoverGroupBusy","message":"b"}]}}',
    "InstanceFailoverGroupBusy",
    "b",
  ],
  [
    "JSON in the message",
    '{"error":{"code":"DeploymentFailed","message":"{\\"error\\":{\\"code\\":\\"A\\",\\"message\\":\\"b\\"}}"}}',
    "A",
    "b",
  ],
  ["an inner error", '{"error":{"message":"m","innererror":{"code":"A","message":"b"}}}', "A", "b"],
  ["a failed resource", '{"properties":{"error":{"code":"A","message":"b"}}}', "A", "b"],
  ["a mark before the text", '\uFEFF{"error":{"code":"A","message":"b"}}', "A", "b"],
  ["a sentence for a code", '{"error":{"code":"https://a/b?s=1","message":"b"}}', null, "b"],
  ["HTML", "<html><body><h1>403 Forbidden</h1></body></html>", null, "403 Forbidden"],
  ["nothing", "", null, "HTTP 500 without a text"],
])("the code is read from %s", (_, bodyText, code, message) => {
  expect(readArmError({ status: 500, bodyText })).toEqual({ code, message });
});

test("an error nested without end is read without end to us", () => {
  const bodyText = `${'{"error":{"details":['.repeat(5_000)}1${"]}}".repeat(5_000)}`;
  expect(readArmError({ status: 500, bodyText }).code).toBeNull();
});

test("docs/azure-errors.md is the table as it is now (npm run docs)", () => {
  const page = readFileSync(new URL("../../docs/azure-errors.md", import.meta.url), "utf8");
  expect(page).toBe(renderArmErrors());
});
