import type { FailoverKind } from "../../../shared/domain/purpose.ts";
import { shortNameOf } from "../world/region-names.ts";

interface InGroup {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/** What a request to Resource Manager is about. */
export type ArmRoute =
  | ({ readonly kind: "group"; readonly region: string; readonly name: string } & InGroup)
  | ({ readonly kind: "groups"; readonly region: string } & InGroup)
  | ({
      readonly kind: "failover";
      readonly failover: FailoverKind;
      readonly region: string;
      readonly name: string;
    } & InGroup)
  | ({ readonly kind: InstanceQuestion; readonly name: string } & InGroup)
  | { readonly kind: "poll" }
  | { readonly kind: "nothing" };

export type InstanceQuestion =
  | "instance"
  | "operations"
  | "inaccessible-databases"
  | "protector"
  | "keys"
  | "validate-key";

const GROUP =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.sql\/(.+)$/i;
const FAILOVER_GROUPS = /^locations\/([^/]+)\/instancefailovergroups(?:\/([^/]+))?(?:\/([^/]+))?$/i;
const INSTANCES = /^managedinstances\/([^/]+)(?:\/(.+))?$/i;
const POLLS =
  /^\/subscriptions\/[^/]+\/providers\/microsoft\.sql\/locations\/[^/]+\/\w+(?:azureasyncoperation|operationresults)\/[^/]+$/i;

const QUESTIONS: Readonly<Record<string, InstanceQuestion>> = {
  "GET ": "instance",
  "GET operations": "operations",
  "GET inaccessiblemanageddatabases": "inaccessible-databases",
  "GET encryptionprotector/current": "protector",
  "GET keys": "keys",
  "POST validateazurekeyvaultencryptionkey": "validate-key",
};

const VERBS: Readonly<Record<string, FailoverKind>> = {
  failover: "planned",
  forcefailoverallowdataloss: "forced",
};

/** Reads method and path; upper and lower case make no difference, nor do blanks in a region. */
export function routeOf(method: string, path: string): ArmRoute {
  if (POLLS.test(path)) return method === "GET" ? { kind: "poll" } : { kind: "nothing" };
  const [, subscriptionId, resourceGroup, rest] = GROUP.exec(path) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || rest === undefined) {
    return { kind: "nothing" };
  }
  const where = { subscriptionId, resourceGroup: decodeURIComponent(resourceGroup) };
  const [, location, name, verb] = FAILOVER_GROUPS.exec(rest) ?? [];
  if (location !== undefined) {
    const region = shortNameOf(decodeURIComponent(location));
    return groupRoute(method, { ...where, region }, name, verb);
  }
  const [, instance, question] = INSTANCES.exec(rest) ?? [];
  const kind = QUESTIONS[`${method} ${(question ?? "").toLowerCase()}`];
  if (instance === undefined || kind === undefined) return { kind: "nothing" };
  return { kind, ...where, name: decodeURIComponent(instance) };
}

function groupRoute(
  method: string,
  where: InGroup & { readonly region: string },
  name: string | undefined,
  verb: string | undefined,
): ArmRoute {
  if (name === undefined)
    return method === "GET" ? { kind: "groups", ...where } : { kind: "nothing" };
  const named = { ...where, name: decodeURIComponent(name) };
  if (verb === undefined)
    return method === "GET" ? { kind: "group", ...named } : { kind: "nothing" };
  const failover = VERBS[verb.toLowerCase()];
  if (method !== "POST" || failover === undefined) return { kind: "nothing" };
  return { kind: "failover", failover, ...named };
}
