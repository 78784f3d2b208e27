import type { ApplicationReading } from "../../../shared/ports/signals.ts";
import { invalidRequest } from "../arm/arm-responses.ts";
import {
  isAuthorized,
  json,
  overNetwork,
  type WireReply,
  type WireRequest,
} from "../arm/wire-reply.ts";
import { applicationReading } from "../world/telemetry.ts";
import type { Vantage, World } from "../world/world.ts";

const HOST = "api.loganalytics.io";
const PATH = /^\/v1\/workspaces\/([^/]+)\/query$/;
const ITEMS_PER_MINUTE = 600;

export function asksLogs({ url }: WireRequest): boolean {
  return url.hostname === HOST;
}

/** Log Analytics: it knows the telemetry of the applications that the configuration names. */
export async function answerLogs(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  const workspace = PATH.exec(request.url.pathname)?.[1]?.toLowerCase();
  const group = [...world.groups.values()].find(({ group: { application } }) => {
    const [, where = "", , name = ""] =
      /^app-insights:([^/]+)\/([^/]+)\/(.+)$/.exec(application?.successRatio ?? "") ?? [];
    return where.toLowerCase() === workspace && name !== "" && request.body.includes(name);
  });
  return overNetwork(world, vantage, request, () => {
    if (!isAuthorized(request)) return json(401, tokenError());
    if (group === undefined) {
      return invalidRequest("BadArgumentError", "The request had some invalid properties");
    }
    return json(200, tableOf(applicationReading(world, group)));
  });
}

function tokenError(): object {
  return {
    error: { code: "AuthorizationRequiredError", message: "Valid authentication was not provided" },
  };
}

function tableOf(reading: ApplicationReading): object {
  const columns = [
    { name: "Total", type: "long" },
    { name: "Failed", type: "long" },
    { name: "AgeSeconds", type: "real" },
  ];
  const row =
    reading.kind === "ratio"
      ? [
          ITEMS_PER_MINUTE,
          Math.round(ITEMS_PER_MINUTE * (1 - reading.value)),
          reading.ageMs / 1_000,
        ]
      : [0, 0, null];
  return { tables: [{ name: "PrimaryResult", columns, rows: [row] }] };
}
