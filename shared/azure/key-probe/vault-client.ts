import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { CryptographyClient, KeyClient, type KeyVaultKey } from "@azure/keyvault-keys";
import type { KeyAddress } from "./key-address.ts";

// Loaded by `await import()`: a site without customer-managed keys never needs it.

/** With RSA-OAEP or RSA1_5 the SDK wraps by itself, with the public key: that would prove nothing. */
const ALGORITHM = "RSA-OAEP-256";

export interface VaultClient {
  getKey(abortSignal: AbortSignal): Promise<KeyVaultKey>;
  wrap(key: KeyVaultKey, plain: Uint8Array, abortSignal: AbortSignal): Promise<Uint8Array>;
  unwrap(key: KeyVaultKey, wrapped: Uint8Array, abortSignal: AbortSignal): Promise<Uint8Array>;
}

/** The client of one key, for one probe: no retries. */
export function createVaultClient(options: {
  readonly address: KeyAddress;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
}): VaultClient {
  const { address, credential, httpClient } = options;
  const clientOptions = {
    httpClient,
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "geo-failover" },
  };
  const keys = new KeyClient(address.vaultUrl, credential, { ...clientOptions });
  let crypto: CryptographyClient | null = null;
  const cryptoOf = (key: KeyVaultKey): CryptographyClient => {
    crypto ??= new CryptographyClient(key, credential, { ...clientOptions });
    return crypto;
  };
  return {
    getKey: (abortSignal) => {
      const version = address.version === "" ? {} : { version: address.version };
      return keys.getKey(address.name, { ...version, abortSignal });
    },
    wrap: async (key, plain, abortSignal) =>
      (await cryptoOf(key).wrapKey(ALGORITHM, plain, { abortSignal })).result,
    unwrap: async (key, wrapped, abortSignal) =>
      (await cryptoOf(key).unwrapKey(ALGORITHM, wrapped, { abortSignal })).result,
  };
}
