/** What happened to one execution of an orchestration. Texts ending in `Json` are JSON as stored. */
export type HistoryFact =
  | { kind: "orchestrator-started" }
  | { kind: "orchestrator-completed" }
  | {
      kind: "execution-started";
      name: string;
      inputJson: string | null;
      executionId: string;
      parent: Parent | null;
      generation: number | null;
      version: string | null;
    }
  | { kind: "task-scheduled"; name: string }
  | { kind: "task-completed"; taskId: number; resultJson: string }
  | { kind: "task-failed"; taskId: number; reason: string; details: string | null }
  | { kind: "child-created"; name: string; childId: string }
  | { kind: "child-completed"; taskId: number; resultJson: string }
  | { kind: "child-failed"; taskId: number; reason: string; details: string | null }
  | { kind: "timer-created"; fireAt: number }
  | { kind: "timer-fired"; taskId: number; fireAt: number }
  | { kind: "event-raised"; name: string; inputJson: string }
  | { kind: "execution-terminated"; reason: string | null }
  | { kind: "execution-suspended"; reason: string | null }
  | { kind: "execution-resumed"; reason: string | null }
  | { kind: "execution-completed"; status: FinalStatus; resultText: string | null }
  /** What a rewind leaves of an event it took back. */
  | { kind: "generic"; data: string | null };

export type HistoryEvent = HistoryFact & { at: number; eventId: number; played: boolean };

export type FinalStatus = "Completed" | "Failed" | "Terminated" | "ContinuedAsNew";
export type RuntimeStatus = "Pending" | "Running" | "Suspended" | FinalStatus;

/** Whom a child orchestration reports to. */
export interface Parent {
  instanceId: string;
  executionId: string;
  name: string;
  taskId: number;
}

/** An event that user code has not seen yet. */
export function newEvent(at: number, fact: HistoryFact, eventId = -1): HistoryEvent {
  return { ...fact, at, eventId, played: false };
}

/** True when the instance will never run again by itself. */
export function isFinal(status: RuntimeStatus): boolean {
  return status === "Completed" || status === "Failed" || status === "Terminated";
}

/** An instant the way .NET prints it: seven digits at most, trailing zeros removed. */
export function dotNetInstant(at: number): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/, "Z");
}

const EVENT_TYPES: Record<HistoryFact["kind"], number> = {
  "execution-started": 0,
  "execution-completed": 1,
  "execution-terminated": 3,
  "task-scheduled": 4,
  "task-completed": 5,
  "task-failed": 6,
  "child-created": 7,
  "child-completed": 8,
  "child-failed": 9,
  "timer-created": 10,
  "timer-fired": 11,
  "orchestrator-started": 12,
  "orchestrator-completed": 13,
  "event-raised": 15,
  generic: 17,
  "execution-suspended": 19,
  "execution-resumed": 20,
};

/** The event as the extension sends it to the SDK. */
export function toWire(event: HistoryEvent, instanceId: string): Record<string, unknown> {
  const { head, fields } = wireFields(event, instanceId);
  return {
    ...head,
    EventType: EVENT_TYPES[event.kind],
    ...fields,
    EventId: event.eventId,
    IsPlayed: event.played,
    Timestamp: dotNetInstant(event.at),
  };
}

type Fields = Record<string, unknown>;

function wireFields(event: HistoryEvent, instanceId: string): { head?: Fields; fields: Fields } {
  switch (event.kind) {
    case "orchestrator-started":
    case "orchestrator-completed":
      return { fields: {} };
    case "execution-started":
      return executionStarted(event, instanceId);
    case "task-scheduled":
      return {
        fields: {
          Name: event.name,
          Version: "",
          Input: null,
          ParentTraceContext: null,
          Tags: null,
        },
      };
    case "task-completed":
    case "child-completed":
      return { fields: { TaskScheduledId: event.taskId, Result: event.resultJson } };
    case "task-failed":
    case "child-failed":
      return {
        fields: {
          TaskScheduledId: event.taskId,
          Reason: event.reason,
          Details: event.details,
          FailureDetails: null,
        },
      };
    case "child-created":
      return {
        fields: { Name: event.name, Version: "", InstanceId: event.childId, Input: null },
      };
    case "timer-created":
      return { fields: { FireAt: dotNetInstant(event.fireAt) } };
    case "timer-fired":
      return { fields: { TimerId: event.taskId, FireAt: dotNetInstant(event.fireAt) } };
    case "event-raised":
      return { fields: { Name: event.name, Input: event.inputJson, ParentTraceContext: null } };
    case "execution-terminated":
      return { fields: { Input: event.reason } };
    case "execution-suspended":
    case "execution-resumed":
      return { fields: { Reason: event.reason } };
    case "execution-completed":
      return { fields: { OrchestrationStatus: event.status, Result: event.resultText } };
    case "generic":
      return { fields: { Data: event.data } };
    default:
      return event satisfies never;
  }
}

function executionStarted(
  event: HistoryEvent & { kind: "execution-started" },
  instanceId: string,
): { head: Fields; fields: Fields } {
  const { parent } = event;
  return {
    head: {
      OrchestrationInstance: { InstanceId: instanceId, ExecutionId: event.executionId },
    },
    fields: {
      ParentInstance: parent && {
        Name: parent.name,
        OrchestrationInstance: {
          InstanceId: parent.instanceId,
          ExecutionId: parent.executionId,
        },
        TaskScheduleId: parent.taskId,
        Version: "",
      },
      Name: event.name,
      Version: event.version,
      Input: event.inputJson,
      Tags: null,
      Correlation: null,
      ParentTraceContext: null,
      ScheduledStartTime: null,
      Generation: event.generation,
      GenerateNewTrace: false,
    },
  };
}
