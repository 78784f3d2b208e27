import * as z from "zod";
import type { GroupReading } from "../ports/failover-groups.ts";
import type { Exchange } from "./arm-exchange.ts";
import { parsedJson } from "./parsed-json.ts";
import { readArmError, unreadable } from "./read-arm-error.ts";
import { replicationOf } from "./replication.ts";

const TYPE = "microsoft.sql/locations/instancefailovergroups";
const Text = z.string().nullable().catch(null);

/** Only that it is a resource is required: every field may be missing, or hold what we do not know. */
const GroupBody = z.object({
  id: Text,
  type: Text,
  properties: z.object({
    replicationRole: Text,
    replicationState: Text,
    readWriteEndpoint: z.object({ failoverPolicy: Text }).catch({ failoverPolicy: null }),
    partnerRegions: z.array(z.object({ location: Text, replicationRole: Text })).catch([]),
    managedInstancePairs: z
      .array(z.object({ primaryManagedInstanceId: Text, partnerManagedInstanceId: Text }))
      .catch([]),
  }),
});
type GroupBody = z.infer<typeof GroupBody>;

/** What an answer to a GET of the group says, asked in `region`. */
export function groupReading(exchange: Exchange, region: string): GroupReading {
  if (exchange.kind !== "answered") return { kind: "unknown", because: exchange.because };
  const { status, bodyText } = exchange;
  if (status === 200) return readingOf(bodyText, region);

  const { code } = readArmError(exchange);
  // An edge can answer 404 as well: only Azure's own code says that there is no group.
  if (status === 404 && code !== null) return { kind: "not-found", code };
  return { kind: "unknown", because: unreadable(status, code) };
}

function readingOf(bodyText: string, region: string): GroupReading {
  const body = GroupBody.safeParse(parsedJson(bodyText));
  // A group of SQL Database shows roles too, and is not ours to read.
  if (!body.success || (body.data.type ?? TYPE).toLowerCase() !== TYPE) {
    return { kind: "unknown", because: "not-a-group" };
  }
  const { properties } = body.data;
  const pair =
    properties.managedInstancePairs.length === 1 ? properties.managedInstancePairs[0] : null;
  return {
    kind: "read",
    role: roleIn(region, body.data),
    replication: replicationOf(properties.replicationState),
    failoverPolicy: oneOf(["manual", "automatic"], properties.readWriteEndpoint.failoverPolicy),
    primaryInstanceId: resourceId(pair?.primaryManagedInstanceId),
    partnerInstanceId: resourceId(pair?.partnerManagedInstanceId),
  };
}

/** The role in the body is that of the region that answered, which has to be the one that was asked. */
function roleIn(
  region: string,
  { id, properties }: GroupBody,
): "primary" | "secondary" | "unknown" {
  const answered = /\/locations\/([^/]+)\//i.exec(id ?? "")?.[1];
  const asked = normalised(region);
  if (answered === undefined || normalised(answered) === asked) {
    return oneOf(["primary", "secondary"], properties.replicationRole);
  }
  const partner = properties.partnerRegions.find(
    ({ location }) => location !== null && normalised(location) === asked,
  );
  return oneOf(["primary", "secondary"], partner?.replicationRole);
}

/** Azure writes one region as `Central US`, `Central%20US`, `CentralUS` and `centralus`. */
function normalised(region: string): string {
  return region.replace(/%20|\s/g, "").toLowerCase();
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
