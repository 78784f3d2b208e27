import { lookup } from "node:dns/promises";
import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Clock } from "../ports/clock.ts";
import { createDeadline } from "../ports/deadline.ts";
import { isPrivate, type KeyAddress, keyAddress } from "./key-probe/key-address.ts";
import { rememberAnswers } from "./key-probe/last-answer.ts";
import { describeFailure, type KeyLayer } from "./key-probe/layer-failure.ts";
import { keyFlaw, SAMPLE, sameBytes } from "./key-probe/usable-key.ts";
import type { createVaultClient } from "./key-probe/vault-client.ts";
import { limitAnswers } from "./limit-answers.ts";
import { oneToken } from "./signals/one-token.ts";
import { createWallClock } from "./wall-clock.ts";

// How far this site gets on its own way to a key: name, address, key, wrap, unwrap.
//
// P1. It explains and never decides: the instance has another identity, another subnet, another DNS.
// P2. Every probe ends by its deadline and none throws.

export type KeyProbe =
  | { readonly kind: "reached"; readonly address: "private" | "public" }
  | {
      readonly kind: "failed";
      readonly layer: KeyLayer;
      readonly code: string;
      /** A no that asking again will not change; else it may pass by itself. */
      readonly definite: boolean;
      readonly address: "private" | "public" | "unknown";
    };

type Address = Extract<KeyProbe, { kind: "failed" }>["address"];

interface Walk {
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly resolveName: (host: string) => Promise<readonly string[]>;
  readonly createVault: typeof createVaultClient | undefined;
  readonly now: number;
  readonly signal: AbortSignal;
  /** Where the probe stands: what has not ended at the deadline is the layer that hangs. */
  readonly at: { layer: KeyLayer; address: Address };
}

/** Makes the probe of this site. `resolveName` gives the addresses of a name, or throws. */
export function createKeyProbe(options: {
  readonly credential: TokenCredential;
  readonly httpClient?: HttpClient;
  readonly resolveName?: (host: string) => Promise<readonly string[]>;
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Where the SDK is loaded already; by default it is loaded at the first call. */
  readonly createVault?: typeof createVaultClient;
}): (keyUri: string) => Promise<KeyProbe> {
  const { credential, timeoutMs, clock = createWallClock(), resolveName = addressesOf } = options;
  const httpClient = options.httpClient ?? createDefaultHttpClient();

  return async (keyUri) => {
    const address = keyAddress(keyUri);
    if (address === null) {
      return failure("dns", { code: "not-a-vault", definite: true }, "unknown");
    }
    const deadline = createDeadline(clock, timeoutMs);
    const at: Walk["at"] = { layer: "dns", address: "unknown" };
    const { createVault } = options;
    const way = { credential, httpClient, resolveName, createVault, now: clock.now(), at };
    const end = await deadline.race(walk(address, { ...way, signal: deadline.signal }));
    deadline.end();
    return end === "late"
      ? failure(at.layer, { code: "timed-out", definite: false }, at.address)
      : end;
  };
}

async function walk(address: KeyAddress, way: Walk): Promise<KeyProbe> {
  const { at, signal } = way;
  const wire = rememberAnswers(limitAnswers(way.httpClient, "vault"), signal);
  const step = (layer: KeyLayer): void => {
    at.layer = layer;
    wire.forget();
  };
  try {
    const addresses = await way.resolveName(address.host);
    if (addresses.length === 0) {
      return failure("dns", { code: "no-address", definite: false }, "unknown");
    }
    const reached = addresses.every(isPrivate) ? "private" : "public";
    at.address = reached;
    const create =
      way.createVault ?? (await import("./key-probe/vault-client.ts")).createVaultClient;
    const credential = oneToken(way.credential);
    const vault = create({ address, credential, httpClient: wire.httpClient });
    step("get-key");
    const key = await vault.getKey(signal);
    step("key-state");
    const flaw = keyFlaw(key, way.now);
    if (flaw !== null) return failure("key-state", { code: flaw, definite: true }, reached);
    step("wrap");
    const wrapped = await vault.wrap(key, SAMPLE, signal);
    step("unwrap");
    const plain = await vault.unwrap(key, wrapped, signal);
    return sameBytes(plain, SAMPLE)
      ? { kind: "reached", address: reached }
      : failure("unwrap", { code: "another-key", definite: true }, reached);
  } catch (error) {
    const { layer, ...rest } = describeFailure(at.layer, error, wire.last());
    return failure(layer, rest, at.address);
  }
}

function failure(
  layer: KeyLayer,
  { code, definite }: { readonly code: string; readonly definite: boolean },
  address: Address,
): KeyProbe {
  return { kind: "failed", layer, code, definite, address };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}
