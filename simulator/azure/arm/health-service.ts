import { isOf } from "../world/instance-health.ts";
import { type Vantage, type World, whereIs } from "../world/world.ts";
import { invalidRequest, notFoundByGateway } from "./arm-responses.ts";
import { json, throughArm, type WireReply, type WireRequest } from "./wire-reply.ts";

const PATH =
  /^(\/subscriptions\/.+)\/providers\/microsoft\.resourcehealth\/availabilitystatuses\/current$/i;
const API_VERSION = "2022-10-01";
const REPORTED_AGO_MS = 60_000;

/** Is this a question to Resource Health? */
export function asksHealth({ url }: WireRequest): boolean {
  return PATH.test(url.pathname);
}

/** Resource Health: it says what the faults make it say of the primary, and all is well of the other one. */
export function answerHealth(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  return throughArm(world, vantage, request, () => {
    const id = decodeURIComponent(PATH.exec(request.url.pathname)?.[1] ?? "");
    if (request.url.searchParams.get("api-version") !== API_VERSION) {
      return invalidRequest("InvalidApiVersionParameter", "The api-version is not supported.");
    }
    const place = whereIs(world, id);
    if (place === null) {
      return notFoundByGateway(`Microsoft.Sql/managedInstances/${id.split("/").at(-1)}`, "unknown");
    }
    const { group, side } = place;
    const told = side === group.primary ? adviceOn(world, place.group) : null;
    const state = told?.state ?? "Available";
    const since = new Date(world.at - REPORTED_AGO_MS).toISOString();
    return json(200, {
      id: `${id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
      name: "current",
      type: "Microsoft.ResourceHealth/AvailabilityStatuses",
      location: group.group[side].region,
      properties: {
        availabilityState: state,
        title: state,
        summary: `The simulated world says: ${state}`,
        reasonType: told?.reason ?? "",
        reasonChronicity: "Transient",
        occuredTime: since,
        reportedTime: since,
      },
    });
  });
}

function adviceOn(
  world: World,
  group: Parameters<typeof isOf>[1],
): { readonly state: string; readonly reason: string } | null {
  const faults = world.faults("platform-advice").filter((fault) => isOf(fault, group));
  if (faults.some(({ source }) => source === "maintenance")) {
    return { state: "Unavailable", reason: "Planned" };
  }
  const health = faults.findLast(({ source }) => source === "resource-health");
  return health === undefined ? null : { state: health.value, reason: "Unplanned" };
}
