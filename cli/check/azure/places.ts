import * as z from "zod";
import type { Exchange } from "../../../shared/azure/arm-exchange.ts";
import { readPages } from "../../../shared/azure/arm-pages.ts";
import { type AzureOptions, createArmRequests } from "../../../shared/azure/arm-requests.ts";
import { parsedJson } from "../../../shared/azure/parsed-json.ts";
import { readArmError, unreadable } from "../../../shared/azure/read-arm-error.ts";
import { createWallClock } from "../../../shared/azure/wall-clock.ts";
import type { PlaceReading, Places, ResourceReading, RunsAs } from "../ports/places.ts";

const API_VERSION = "2021-04-01";
const Located = z.object({ location: z.string().min(1) });
const PrincipalId = z.string().nullable().catch(null);
const RunsUnder = z.object({
  principalId: PrincipalId,
  userAssignedIdentities: z
    .record(z.string(), z.object({ principalId: PrincipalId }).catch({ principalId: null }))
    .catch({}),
});
const Resource = Located.extend({
  name: z.string(),
  type: z.string(),
  identity: RunsUnder.nullable().catch(null),
});
type Resource = z.infer<typeof Resource>;

const IDENTITY_ID =
  /^\/subscriptions\/([\w-]+)\/resourcegroups\/[^/]+\/providers\/microsoft\.managedidentity\/userassignedidentities\/([\w-]+)$/i;

/** Regions by Resource Manager. Every call ends within `timeoutMs` and none throws. */
export function createPlaces(options: AzureOptions): Places {
  const { clock = createWallClock() } = options;
  const halfMs = Math.ceil(options.timeoutMs / 2);
  const arm = createArmRequests({ ...options, clock, timeoutMs: halfMs });

  async function findIn(
    subscriptionId: string,
    type: string,
    name: string,
  ): Promise<ResourceReading> {
    const filter = encodeURIComponent(`resourceType eq '${type}' and name eq '${name}'`);
    const pages = await readPages(arm, {
      subscriptionId,
      url: `${arm.endpoint}/subscriptions/${encodeURIComponent(subscriptionId)}/resources?api-version=${API_VERSION}&$filter=${filter.replaceAll("'", "%27")}`,
      beginUntilAt: clock.now() + halfMs,
    });
    if (pages.kind === "unknown") return pages;
    const resources = z.array(Resource).safeParse(pages.items);
    if (!resources.success) return { kind: "unknown", because: "not-a-resource" };
    // The service filters; a list of other things proves that it did not.
    const found = resources.data.find((each) => same(each.type, type) && same(each.name, name));
    if (found !== undefined) {
      return { kind: "at", region: shortName(found.location), runsAs: runsAs(found) };
    }
    const none = pages.complete && resources.data.length === 0;
    return none ? { kind: "none" } : { kind: "unknown", because: "list-incomplete" };
  }

  return {
    ofResourceGroup: async ({ subscriptionId, resourceGroup }) =>
      groupPlace(
        await arm.send({
          subscriptionId,
          method: "GET",
          url: `${arm.endpoint}/subscriptions/${encodeURIComponent(subscriptionId)}/resourceGroups/${encodeURIComponent(resourceGroup)}?api-version=${API_VERSION}`,
        }),
      ),

    ofResource: async ({ subscriptionIds, type, name }) => {
      const wanted = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))];
      const readings = await Promise.all(wanted.map((id) => findIn(id, type, name)));
      const at = readings.find((reading) => reading.kind === "at");
      const silent = readings.find((reading) => reading.kind === "unknown");
      return at ?? silent ?? { kind: "none" };
    },
  };
}

function groupPlace(answer: Exchange): PlaceReading {
  if (answer.kind !== "answered") return { kind: "unknown", because: answer.because };
  const { code } = readArmError(answer);
  if (answer.status === 404 && code === "ResourceGroupNotFound") return { kind: "none" };
  if (answer.status !== 200) return { kind: "unknown", because: unreadable(answer.status, code) };
  const body = Located.safeParse(parsedJson(answer.bodyText));
  return body.success
    ? { kind: "at", region: shortName(body.data.location) }
    : { kind: "unknown", because: "not-a-resource-group" };
}

function runsAs({ identity }: Resource): readonly RunsAs[] {
  if (identity === null) return [];
  const { principalId, userAssignedIdentities } = identity;
  const own = principalId === null ? [] : [{ principalId, resource: null }];
  const assigned = Object.entries(userAssignedIdentities).flatMap(([id, { principalId: of }]) => {
    const [, subscriptionId, name] = IDENTITY_ID.exec(id) ?? [];
    if (subscriptionId === undefined || name === undefined) return [];
    return [{ principalId: of, resource: { subscriptionId, name } }];
  });
  return [...own, ...assigned];
}

/** Azure writes one region as `Central US` and `centralus`. */
function shortName(region: string): string {
  return region.replace(/\s/g, "").toLowerCase();
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
