import type { ArmResponse } from "../arm/arm-responses.ts";
import {
  isAuthorized,
  json,
  overNetwork,
  type WireReply,
  type WireRequest,
} from "../arm/wire-reply.ts";
import type { GroupWorld } from "../world/group-world.ts";
import { isOf } from "../world/instance-health.ts";
import type { Vantage, World } from "../world/world.ts";

const HOST = /^kv-(.+)\.vault\.azure\.net$/;
const PATH = /^\/keys\/([^/]+)\/([^/]*)(?:\/(wrapkey|unwrapkey))?$/i;
const ALGORITHM = "RSA-OAEP-256";
const MARK = "wrapped:";
const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-0000000000aa", resource="https://vault.azure.net"';
const PRIVATE_ADDRESS = "10.0.4.7";

export function asksVault({ url }: WireRequest): boolean {
  return HOST.test(url.hostname);
}

/** The name of any vault leads to a private address, where names resolve at all. */
export function vaultAddresses(
  world: World,
  vantage: Vantage,
): (host: string) => Promise<readonly string[]> {
  return async (host) => {
    const reply = await overNetwork(world, vantage, nameQuestion(host), () => json(200, {}));
    if (reply.kind === "answer") return [PRIVATE_ADDRESS];
    const code = reply.kind === "no-name" ? "ENOTFOUND" : "EAI_AGAIN";
    throw Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code });
  };
}

/** The groups' vaults. A vault says of itself what a fault makes it say to our own probe, else all is well. */
export function answerVault(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  return overNetwork(world, vantage, request, () => {
    if (!isAuthorized(request)) {
      const message = "AKV10000: Request is missing a Bearer or PoP token.";
      return refusal(401, { code: "Unauthorized", message }, { "www-authenticate": CHALLENGE });
    }
    const [, name, version, operation] = PATH.exec(request.url.pathname) ?? [];
    const group = groupOfHost(world, request.url.hostname);
    if (group === null || name !== "tde" || version === undefined) {
      return refusal(404, {
        code: "KeyNotFound",
        message: `A key with (name/id) ${name} was not found.`,
      });
    }
    const denied = denial(world, group);
    if (denied !== null) return denied;
    const kid = `${request.url.origin}/keys/${name}/${version}`;
    if (operation === undefined) return json(200, keyBody(world, group, kid));
    return answerOperation(operation.toLowerCase() === "wrapkey", request.body, kid);
  });
}

function groupOfHost(world: World, host: string): GroupWorld | null {
  return world.groups.get(HOST.exec(host)?.[1] ?? "") ?? null;
}

/** A fault of the key itself shows to everybody; one of an instance's path does not show here. */
function denial(world: World, group: GroupWorld): ArmResponse | null {
  const probe = world
    .faults("platform-advice")
    .findLast((fault) => fault.source === "key-vault-probe" && isOf(fault, group));
  if (probe !== undefined) {
    return refusal(403, {
      code: "Forbidden",
      message: "The request was refused.",
      inner: probe.value,
    });
  }
  const deleted = world
    .faults("key-denied")
    .some(({ code }) => code === "AkvKeyDeleted" || code === "AzureKeyVaultKeyNameNotFound");
  return deleted ? refusal(404, { code: "KeyNotFound", message: "The key was not found." }) : null;
}

function keyBody(world: World, _group: GroupWorld, kid: string): object {
  const disabled = world.faults("key-denied").some(({ code }) => code?.endsWith("KeyDisabled"));
  const seconds = Math.floor(world.startAt / 1_000);
  return {
    key: {
      kid,
      kty: "RSA",
      key_ops: ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
      n: Buffer.alloc(256, 0xa5).toString("base64url"),
      e: "AQAB",
    },
    attributes: {
      enabled: !disabled,
      created: seconds,
      updated: seconds,
      recoveryLevel: "Recoverable",
      recoverableDays: 90,
    },
  };
}

function answerOperation(wraps: boolean, text: string, kid: string): ArmResponse {
  const [, algorithm] = /"alg"\s*:\s*"([^"]*)"/.exec(text) ?? [];
  const [, value] = /"value"\s*:\s*"([^"]*)"/.exec(text) ?? [];
  const given = Buffer.from(value ?? "", "base64url");
  const mark = Buffer.from(MARK);
  if (algorithm !== ALGORITHM || value === undefined) {
    return refusal(400, {
      code: "BadParameter",
      message: "Key and signing algorithm are incompatible.",
    });
  }
  if (wraps) {
    return json(200, { kid, value: Buffer.concat([mark, given]).toString("base64url") });
  }
  return given.subarray(0, mark.length).equals(mark)
    ? json(200, { kid, value: given.subarray(mark.length).toString("base64url") })
    : refusal(400, { code: "BadParameter", message: "The parameter is incorrect." });
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly inner?: string | null;
}

function refusal(
  status: number,
  { code, message, inner = null }: Refusal,
  headers: Readonly<Record<string, string>> = {},
): ArmResponse {
  const innererror = inner === null ? {} : { innererror: { code: inner } };
  return json(status, { error: { code, message, ...innererror } }, headers);
}

function nameQuestion(host: string): WireRequest {
  const url = new URL(`https://${host}/`);
  return { method: "GET", url, header: () => null, body: "", timeoutMs: 5_000 };
}
