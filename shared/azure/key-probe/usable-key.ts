import type { KeyVaultKey } from "@azure/keyvault-keys";

/** What is wrapped and must come back; which bytes does not matter. */
export const SAMPLE: Uint8Array = new Uint8Array(32).map((_, index) => index);

/** Why a key as the vault shows it cannot protect databases; null when nothing speaks against it. */
export function keyFlaw(key: KeyVaultKey, now: number): string | null {
  const { enabled, expiresOn, notBefore } = key.properties;
  if (enabled === false) return "KeyDisabled";
  if (expiresOn !== undefined && expiresOn.getTime() <= now) return "KeyExpired";
  if (notBefore !== undefined && notBefore.getTime() > now) return "KeyNotYetValid";
  if (!/^RSA(-HSM)?$/.test(key.keyType ?? "")) return "KeyTypeNotSupported";
  const operations = key.keyOperations ?? [];
  const missing = ["wrapKey", "unwrapKey"].find((needed) => !operations.includes(needed));
  return missing === undefined ? null : `KeyLacks ${missing}`;
}

/** Whether two keys are the same, byte by byte. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
