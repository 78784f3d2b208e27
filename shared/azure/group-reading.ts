import * as z from "zod";
import type { Instance } from "../domain/group.ts";
import type { GroupReading } from "../ports/failover-groups.ts";
import type { Exchange } from "./arm-exchange.ts";
import { notAskedFor } from "./asked-for.ts";
import { OutsideText } from "./outside-text.ts";
import { isObject, parsedJson } from "./parsed-json.ts";
import { readArmError, unread } from "./read-arm-error.ts";
import { replicationOf } from "./replication.ts";

const TYPE = "microsoft.sql/locations/instancefailovergroups";

/** Only that it is a resource is required: every field may be missing, or hold what we do not know. */
const GroupBody = z.object({
  type: OutsideText,
  properties: z.object({
    replicationRole: OutsideText,
    replicationState: OutsideText,
    readWriteEndpoint: z.unknown().optional(),
    partnerRegions: z.array(z.object({ replicationRole: OutsideText })).catch([]),
    managedInstancePairs: z
      .array(
        z.object({ primaryManagedInstanceId: OutsideText, partnerManagedInstanceId: OutsideText }),
      )
      .catch([]),
  }),
});

/** What an answer to a GET of the group says, asked of the region of `side`. */
export function groupReading(exchange: Exchange, group: string, side: Instance): GroupReading {
  if (exchange.kind !== "answered") return unread(exchange);
  const { status, bodyText } = exchange;
  if (status === 200) return readingOf(bodyText, group, side);
  const { code } = readArmError(exchange);
  // An edge can answer 404 as well: only Azure's own code says that there is no group.
  if (status === 404 && code !== null) return { kind: "not-found", code };
  return unread(exchange);
}

/** A group has an id in each of its regions, with a role of its own. */
function groupId(group: string, { subscriptionId, resourceGroup, region }: Instance): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/locations/${region}/instanceFailoverGroups/${group}`;
}

function readingOf(bodyText: string, group: string, side: Instance): GroupReading {
  const body = GroupBody.safeParse(parsedJson(bodyText));
  // A group of SQL Database shows roles too, and is not ours to read.
  if (!body.success || (body.data.type ?? TYPE).toLowerCase() !== TYPE) {
    return { kind: "unknown", because: "not-a-group" };
  }
  const because = notAskedFor(bodyText, groupId(group, side));
  if (because !== null) return { kind: "unknown", because };
  const { properties } = body.data;
  const pair =
    properties.managedInstancePairs.length === 1 ? properties.managedInstancePairs[0] : null;
  const reading = {
    kind: "read",
    role: roleOf(properties.replicationRole),
    replication: replicationOf(properties.replicationState),
    failoverPolicy: policyOf(properties.readWriteEndpoint),
    primaryInstanceId: resourceId(pair?.primaryManagedInstanceId),
    partnerInstanceId: resourceId(pair?.partnerManagedInstanceId),
  } as const;
  const others = properties.partnerRegions.map(({ replicationRole }) => roleOf(replicationRole));
  return contradictsItself(reading, others, side.id)
    ? { kind: "unknown", because: "contradicts-itself" }
    : reading;
}

function roleOf(word: string | null): Role {
  return oneOf(["primary", "secondary"], word);
}

/** Whatever is not Manual, in whatever word or shape, is not the customer's; only no word says nothing. */
function policyOf(endpoint: unknown): "manual" | "automatic" | "unknown" {
  const word = isObject(endpoint) ? endpoint.failoverPolicy : endpoint;
  if (word === undefined || word === null) return "unknown";
  return typeof word === "string" && word.toLowerCase() === "manual" ? "manual" : "automatic";
}

type Role = "primary" | "secondary" | "unknown";

/** Two sides have two roles, and the pair of instances tells of the same ones. */
function contradictsItself(
  reading: Extract<GroupReading, { kind: "read" }>,
  others: readonly Role[],
  sideId: string,
): boolean {
  const { role, primaryInstanceId, partnerInstanceId } = reading;
  if (role === "unknown") return false;
  const ofOther = role === "primary" ? partnerInstanceId : primaryInstanceId;
  return others.includes(role) || ofOther?.toLowerCase() === sideId.toLowerCase();
}

function oneOf<const Word extends string>(
  words: readonly Word[],
  value: string | null | undefined,
): Word | "unknown" {
  return words.find((word) => word === value?.toLowerCase()) ?? "unknown";
}

function resourceId(value: string | null | undefined): string | null {
  return value && /^\/subscriptions\/[\w/ .()-]{1,500}$/i.test(value) ? value : null;
}
