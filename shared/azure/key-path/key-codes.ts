import type { KeyDoubt } from "../../domain/facts.ts";

/** The instance itself was told no, or the key is in no state to be used. */
const DENIED = [
  "AkvKeyAccessDenied",
  "AkvKeyAccessGeneral403",
  "AkvKeyDeleted",
  "AkvKeyDisabled",
  "AkvKeyOperationNotAllowed",
  "AkvKeyOperationNotAllowedByFirewall",
  "AkvKeyOperationNotAllowedByRBAC",
  "AzureKeyVaultInvalidExpirationDate",
  "AzureKeyVaultKeyDisabled",
  "AzureKeyVaultKeyNameNotFound",
  "AzureKeyVaultMalformedVaultUri",
  "AzureKeyVaultMissingPermissions",
  "AzureKeyVaultNoServerIdentity",
  "AzureKeyVaultRsaKeyNotSupported",
  "KeyMaterialNotFoundOnRemoteServer",
  "SameKeyMaterialNotFoundOnRemoteServer",
  "SameKeyUriNotFoundOnRemoteServer",
  "SecurityInvalidAzureKeyVaultRecoveryLevel",
  "UmiMissingAkvPermissions",
];

/** The instance tried, and got no word from the vault. */
const UNREACHED = [
  "AkvEndpointNotReachableFromNode",
  "AkvHostNotResolvingFromNode",
  "AkvKeyDNS",
  "AkvKeyTimeout",
  "AzureKeyVaultConnectionFailed",
  "AzureKeyVaultGenericConnectionError",
  "OperationTimedOut",
];

const MEANING = new Map<string, "denied" | "unreached">([
  ...DENIED.map((code) => [code.toLowerCase(), "denied"] as const),
  ...UNREACHED.map((code) => [code.toLowerCase(), "unreached"] as const),
]);

/** Why an answer with that code proves nothing. */
export function keyDoubt(code: string | null): KeyDoubt {
  const means = keyCodeMeans(code);
  switch (means) {
    case "unreached":
      return "unreachable";
    case "denied":
      return "no-permission";
    case null:
      return "other";
    default:
      return means satisfies never;
  }
}

/** What a code says that an instance gives of its key; null for any other, and for none. */
export function keyCodeMeans(code: string | null): "denied" | "unreached" | null {
  return code === null ? null : (MEANING.get(code.toLowerCase()) ?? null);
}
