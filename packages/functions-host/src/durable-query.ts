// How the durable HTTP API answers those who only look.

import { problem } from "./durable-errors.ts";
import { DuplicateEvent, statusOf } from "./durable-status.ts";
import { isFinal } from "./history.ts";
import {
  emptyAnswer,
  type HttpAnswer,
  type HttpRequest,
  jsonAnswer,
  queryValue,
} from "./http-message.ts";
import type { InstanceFilter, Management } from "./management.ts";

const PAGE_SIZE = 100;
const STATUSES = [
  "Running",
  "Completed",
  "ContinuedAsNew",
  "Failed",
  "Canceled",
  "Terminated",
  "Pending",
  "Suspended",
];

/** A page of the instances that fit. */
export function listAnswer(management: Management, request: HttpRequest): HttpAnswer {
  const size = Number.parseInt(queryValue(request.url, "top") ?? "", 10);
  const token = request.headers["x-ms-continuation-token"] ?? "";
  const from = Buffer.from(token, "base64").toString("utf8");
  const found = management.list(filterFrom(request)).filter(({ instanceId }) => instanceId >= from);
  const page = found.slice(0, size > 0 ? size : PAGE_SIZE);
  const next = found[page.length];
  const showInput = queryValue(request.url, "showInput")?.toLowerCase() !== "false";
  const view = { showHistory: false, showHistoryOutput: false, showInput };
  const headers =
    next === undefined
      ? []
      : [["x-ms-continuation-token", Buffer.from(next.instanceId).toString("base64")] as const];
  return jsonAnswer(
    200,
    page.map((instance) => statusOf(instance, view)),
    headers,
  );
}

/** One instance, as the caller asked to see it. */
export function statusAnswer(management: Management, request: HttpRequest, id: string): HttpAnswer {
  const instance = management.find(id);
  if (instance === null) return emptyAnswer(404);
  const flag = (name: string): string => queryValue(request.url, name)?.toLowerCase() ?? "";
  const { status } = instance;
  const failed = status === "Failed" && flag("returnInternalServerErrorOnFailure") === "true";
  try {
    const body = statusOf(instance, {
      showHistory: flag("showHistory") === "true",
      showHistoryOutput: flag("showHistoryOutput") === "true",
      showInput: flag("showInput") !== "false",
    });
    if (isFinal(status)) return jsonAnswer(failed ? 500 : 200, body);
    const location = ["location", request.url.href] as const;
    return jsonAnswer(202, body, [location, ["retry-after", "5"]]);
  } catch (thrown) {
    if (!(thrown instanceof DuplicateEvent)) throw thrown;
    return problem(400, "One or more of the arguments submitted is incorrect", {
      message: thrown.message,
      type: "System.ArgumentException",
      stack: `   at System.Collections.Generic.Dictionary\`2.TryInsert(TKey key, TValue value, InsertionBehavior behavior)`,
    });
  }
}

/** Which instances a query is about. */
export function filterFrom({ url }: HttpRequest): InstanceFilter {
  const statuses = (queryValue(url, "runtimeStatus") ?? "").split(",");
  return {
    from: instant(queryValue(url, "createdTimeFrom")),
    to: instant(queryValue(url, "createdTimeTo")),
    // Names that are none are passed over; if none is left, nothing is filtered.
    statuses: statuses.filter((status) => STATUSES.includes(status)),
    prefix: queryValue(url, "instanceIdPrefix"),
  };
}

function instant(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
