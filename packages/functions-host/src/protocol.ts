// What the extension and the worker say to each other, in the classic JSON protocol.

import { type Decisions, readDecisions } from "./actions.ts";
import type { RpcData, RpcResponse } from "./core-api.ts";
import { type HistoryEvent, type Parent, toWire } from "./history.ts";

/** Each event is printed once; a turn only joins the texts. */
const printed = new WeakMap<HistoryEvent, string>();

/** The text an orchestrator function is triggered with. */
export function orchestratorTrigger(
  instanceId: string,
  history: readonly HistoryEvent[],
  start: { inputJson: string | null; parent: Parent | null; replaying: boolean },
): string {
  const events = history.map((event) => {
    const known = printed.get(event) ?? JSON.stringify(toWire(event, instanceId));
    printed.set(event, known);
    return known;
  });
  const id = JSON.stringify(instanceId);
  const parentId = JSON.stringify(start.parent?.instanceId ?? null);
  return (
    `{"history":[${events.join(",")}],"input":${start.inputJson ?? "null"},"instanceId":${id},` +
    `"isReplaying":${start.replaying},"parentInstanceId":${parentId},"upperSchemaVersion":1,` +
    '"upperSchemaVersionNew":3,"longRunningTimerIntervalDuration":"3.00:00:00",' +
    '"maximumShortTimerDuration":"6.00:00:00","defaultHttpAsyncRequestSleepTimeMillseconds":30000}'
  );
}

/** The trigger once more, whole and in parts; booleans the .NET way. */
export function orchestratorMetadata(triggerName: string, text: string): Record<string, RpcData> {
  const { history: _, ...parts } = JSON.parse(text) as Record<string, unknown>;
  const metadata: Record<string, RpcData> = { [triggerName]: { string: text } };
  for (const [key, value] of Object.entries(parts)) {
    if (value === null) continue;
    if (typeof value === "boolean") metadata[key] = { string: value ? "True" : "False" };
    else if (typeof value === "string") metadata[key] = { string: value };
    else metadata[key] = { json: JSON.stringify(value) };
  }
  return metadata;
}

const OUT_OF_PROC_LABEL = "$OutOfProcData$:";

/** What an orchestrator's throw says, or null when the SDK did not get as far as reporting. */
export function decisionsFromError(message: string): Decisions | null {
  const at = message.indexOf(OUT_OF_PROC_LABEL);
  return at < 0 ? null : readDecisions(message.slice(at + OUT_OF_PROC_LABEL.length), true);
}

/** What an orchestrator's answer says. */
export function decisionsFromResponse(response: RpcResponse): Decisions {
  const json = response.returnValue?.json;
  if (json === undefined)
    throw new Error("Cannot read the turn: the orchestrator returned no state");
  return readDecisions(json, false);
}

/** A turn that ended before the SDK could report: nothing was asked for. */
export function unreported(error: string): Decisions {
  return { actions: [], done: false, output: null, error, threw: true, customStatusJson: null };
}

/** An activity's result as JSON. Bare numbers go through .NET types on their way, and suffer. */
export function activityResult(value: RpcData | null | undefined): string {
  if (value === null || value === undefined) return "null";
  if (value.json !== undefined) return value.json;
  if (value.string !== undefined) return JSON.stringify(value.string);
  if (value.int !== undefined) return BigInt.asIntN(64, BigInt(value.int)).toString();
  if (value.double !== undefined) {
    return Number.isFinite(value.double)
      ? JSON.stringify(value.double)
      : JSON.stringify(nameOfDouble(value.double));
  }
  if (value.bytes !== undefined) return JSON.stringify(Buffer.from(value.bytes).toString("base64"));
  return "null";
}

function nameOfDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

/** An activity's trigger metadata: the input's properties are spread beside it. */
export function activityMetadata(
  instanceId: string,
  triggerName: string,
  inputText: string | null,
): Record<string, RpcData> {
  const metadata: Record<string, RpcData> = { instanceId: { string: instanceId } };
  if (inputText === null) return metadata;
  metadata[triggerName] = { string: inputText };
  metadata.data = { string: inputText };
  for (const [key, value] of Object.entries(objectIn(inputText))) {
    metadata[key] = typeof value === "string" ? { string: value } : { json: JSON.stringify(value) };
  }
  return metadata;
}

function objectIn(text: string): object {
  if (!text.startsWith("{")) return {};
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? value : {};
}
