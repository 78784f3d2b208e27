import * as z from "zod";
import { EventType } from "../../../shared/domain/event.ts";
import { json, overNetwork, type WireReply, type WireRequest } from "../arm/wire-reply.ts";
import type { Vantage, World } from "../world/world.ts";

const PREFIX = "geo-failover.";
const CONTENT_TYPE = /^application\/cloudevents\+json\b/;

const CloudEvent = z.object({
  specversion: z.literal("1.0"),
  id: z.string(),
  source: z.string(),
  type: z.string().startsWith(PREFIX),
  subject: z.string(),
  time: z.iso.datetime(),
  data: z.object({
    group: z.string(),
    incidentId: z.string().nullable(),
    urgent: z.boolean(),
    text: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
});

/** Somebody's webhook outside of every region: what it understands goes into the world's own ledger. */
export async function answerWebhook(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  world.now();
  const down = world
    .faults("notifier-down")
    .some((fault) => fault.site === undefined || fault.site === vantage.name);
  if (down) {
    await world.wait(request.timeoutMs);
    return { kind: "silent" };
  }
  return overNetwork(world, vantage, request, () => {
    const event = eventOf(request);
    if (event === null) return json(400, { error: "This is no event of geo-failover." });
    world.record.sent.push({ at: world.at, site: vantage.name, event });
    return json(202, {});
  });
}

function eventOf(request: WireRequest): World["record"]["sent"][number]["event"] | null {
  if (request.method !== "POST" || !CONTENT_TYPE.test(request.header("content-type") ?? "")) {
    return null;
  }
  const read = CloudEvent.safeParse(parsed(request.body));
  const type = EventType.safeParse(read.data?.type.slice(PREFIX.length));
  if (!read.success || !type.success) return null;
  const { id, time, data } = read.data;
  const { details, ...told } = data;
  return { id, type: type.data, at: Date.parse(time), ...told, data: details };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
