// How the durable HTTP API shows an instance.

import { dotNetInstant, type HistoryEvent } from "./history.ts";
import type { Instance } from "./store.ts";

export interface StatusView {
  showHistory: boolean;
  showHistoryOutput: boolean;
  showInput: boolean;
}

/** Thrown for a history that the extension itself cannot list: two events under one number. */
export class DuplicateEvent extends Error {}

/** The status of an instance, with as much as the caller asked to see. */
export function statusOf(instance: Instance, view: StatusView): Record<string, unknown> {
  const { name, instanceId, status } = instance;
  // A start that nobody has taken yet has no history, not an empty one.
  const history =
    view.showHistory && status !== "Pending" ? { historyEvents: listEvents(instance, view) } : {};
  return {
    name,
    instanceId,
    runtimeStatus: status,
    input: view.showInput ? jsonOrText(instance.inputJson) : null,
    customStatus: jsonOrText(instance.customStatusJson),
    output: jsonOrText(instance.outputText),
    createdTime: wholeSecond(instance.createdAt),
    lastUpdatedTime: wholeSecond(instance.lastUpdatedAt),
    ...history,
  };
}

/** A stored text as the extension reads it: JSON if it is some, else the words themselves. */
export function jsonOrText(text: string | null): unknown {
  if (text === null) return null;
  const trimmed = text.trim();
  if (trimmed === "") return "";
  try {
    return JSON.parse(trimmed);
  } catch {
    return trimmed;
  }
}

function wholeSecond(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

type Shown = Record<string, unknown>;

/** One entry per event, requests merged into their answers; turns are not shown. */
function listEvents({ history }: Instance, view: StatusView): Shown[] {
  const requests = new Map<string, { at: number; name: string; listed: Shown }>();
  const merged = new Set<Shown>();
  const shown: Shown[] = [];
  for (const event of history) {
    const entry = show(event, view);
    if (entry === null) continue;
    const listed: Shown = { ...entry, Timestamp: dotNetInstant(event.at) };
    shown.push(listed);
    if (event.kind === "task-scheduled" || event.kind === "child-created") {
      const key = requestKey(event.kind, event.eventId);
      if (requests.has(key)) {
        throw new DuplicateEvent(`An item with the same key has already been added. Key: ${key}`);
      }
      requests.set(key, { at: event.at, name: event.name, listed });
    }
    if (event.kind === "execution-started") listed.FunctionName = event.name;
    const request = requests.get(answeredBy(event) ?? "");
    if (request === undefined) continue;
    listed.ScheduledTime = dotNetInstant(request.at).replace("Z", "+00:00");
    listed.FunctionName = request.name;
    if (view.showInput) listed.Input = null;
    merged.add(request.listed);
  }
  return shown.filter((entry) => !merged.has(entry));
}

function requestKey(kind: "task-scheduled" | "child-created", eventId: number): string {
  const name = kind === "task-scheduled" ? "TaskScheduled" : "SubOrchestrationInstanceCreated";
  return `${name}_${eventId}`;
}

function answeredBy(event: HistoryEvent): string | null {
  switch (event.kind) {
    case "task-completed":
    case "task-failed":
      return requestKey("task-scheduled", event.taskId);
    case "child-completed":
    case "child-failed":
      return requestKey("child-created", event.taskId);
    default:
      return null;
  }
}

function show(event: HistoryEvent, { showHistoryOutput, showInput }: StatusView): Shown | null {
  const result = (text: string | null): Shown =>
    showHistoryOutput ? { Result: jsonOrText(text) } : {};
  const input = (value: unknown): Shown => (showInput ? { Input: value } : {});
  switch (event.kind) {
    case "orchestrator-started":
    case "orchestrator-completed":
      return null;
    case "execution-started":
      return { EventType: "ExecutionStarted", ...input(event.inputJson), ...tracing(event) };
    case "task-scheduled": {
      const rest = { ParentTraceContext: null, Tags: null };
      return { EventType: "TaskScheduled", Name: event.name, ...input(null), ...rest };
    }
    case "child-created": {
      const { name: Name, childId: InstanceId } = event;
      return { EventType: "SubOrchestrationInstanceCreated", Name, InstanceId, ...input(null) };
    }
    case "task-completed":
      return { EventType: "TaskCompleted", ...result(event.resultJson) };
    case "child-completed":
      return { EventType: "SubOrchestrationInstanceCompleted", ...result(event.resultJson) };
    case "event-raised": {
      const head = { EventType: "EventRaised", Name: event.name };
      return { ...head, ...input(event.inputJson), ParentTraceContext: null };
    }
    case "execution-terminated":
      return { EventType: "ExecutionTerminated", ...input(event.reason) };
    case "execution-completed": {
      const head = { EventType: "ExecutionCompleted", OrchestrationStatus: event.status };
      return { ...head, ...result(event.resultText), FailureDetails: null };
    }
    default:
      return showPlain(event);
  }
}

type WithPayload =
  | "orchestrator-started"
  | "orchestrator-completed"
  | "execution-started"
  | "task-scheduled"
  | "child-created"
  | "task-completed"
  | "child-completed"
  | "event-raised"
  | "execution-terminated"
  | "execution-completed";

/** Events that look the same whatever the caller asked to see. */
function showPlain(event: Exclude<HistoryEvent, { kind: WithPayload }>): Shown {
  switch (event.kind) {
    case "task-failed":
      return failed("TaskFailed", event.reason, event.details);
    case "child-failed":
      return failed("SubOrchestrationInstanceFailed", event.reason, event.details);
    case "timer-created":
      return { EventType: "TimerCreated", FireAt: dotNetInstant(event.fireAt) };
    case "timer-fired":
      return { EventType: "TimerFired", FireAt: dotNetInstant(event.fireAt) };
    case "execution-suspended":
      return { EventType: "ExecutionSuspended", Reason: event.reason };
    case "execution-resumed":
      return { EventType: "ExecutionResumed", Reason: event.reason };
    case "generic":
      return { EventType: "GenericEvent", Data: event.data };
    default:
      return event satisfies never;
  }
}

function tracing({ generation }: { generation: number | null }): Shown {
  return {
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: generation,
    GenerateNewTrace: false,
  };
}

function failed(type: string, reason: string, details: string | null): Shown {
  return { EventType: type, Reason: reason, Details: details, FailureDetails: null };
}
