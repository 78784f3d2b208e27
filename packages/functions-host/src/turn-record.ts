// What a turn leaves behind: events in the history, the instance's status, messages and activities.

import { ORCHESTRATOR_STACK } from "./failure-texts.ts";
import {
  type FinalStatus,
  type HistoryEvent,
  type HistoryFact,
  newEvent,
  type Parent,
} from "./history.ts";
import type { Decision } from "./issued-tasks.ts";
import type { Ending, ReplayResult } from "./replay.ts";
import type { Commit, Instance } from "./store.ts";

export type NewMessage = Commit["messages"][number];
export type NewActivity = Commit["activities"][number];

export interface Recorded {
  instance: Instance;
  messages: readonly NewMessage[];
  activities: readonly NewActivity[];
}

export interface RecordWorld {
  now(): number;
  newExecutionId(): string;
}

/** Makes events, status, messages and activities of what a replay decided. */
export function recordTurn(
  world: RecordWorld,
  instance: Instance,
  parent: Parent | null,
  history: readonly HistoryEvent[],
  customStatusJson: string | null,
  { ending, decisions, nextId }: ReplayResult,
): Recorded {
  const now = world.now();
  const messages: NewMessage[] = [];
  const activities: NewActivity[] = [];
  const events = decisions.map(({ id, decision }) => newEvent(now, asFact(decision), id));
  for (const { id, decision } of decisions) {
    if (decision.kind === "activity") {
      const { instanceId, executionId } = instance;
      const { name, inputText } = decision;
      activities.push({ instanceId, executionId, eventId: id, name, inputText });
    } else {
      messages.push(asMessage(world, instance, now, id, decision));
    }
  }
  const final = finalOf(ending);
  if (final !== null) {
    events.push(newEvent(now, { kind: "execution-completed", ...final }, nextId));
    const report = parent && reportTo(parent, ending);
    if (report) messages.push({ ...report, createdAt: now, visibleAt: now });
  }
  events.push(newEvent(now, { kind: "orchestrator-completed" }));
  const recorded = {
    ...instance,
    ...statusAfter(ending),
    history: [...history, ...events],
    customStatusJson: customStatusJson ?? instance.customStatusJson,
    lastUpdatedAt: now,
  };
  return { instance: recorded, messages, activities };
}

function statusAfter(ending: Ending): Pick<Instance, "status" | "outputText"> {
  switch (ending.kind) {
    case "running":
    case "continued-as-new":
      return { status: "Running", outputText: null };
    case "suspended":
      return { status: "Suspended", outputText: ending.reason };
    case "completed":
      return { status: "Completed", outputText: ending.outputJson };
    case "failed":
      return { status: "Failed", outputText: ending.message };
    case "terminated":
      return { status: "Terminated", outputText: ending.reason };
    default:
      return ending satisfies never;
  }
}

function finalOf(ending: Ending): { status: FinalStatus; resultText: string | null } | null {
  const { status, outputText } = statusAfter(ending);
  if (status !== "Completed" && status !== "Failed" && status !== "Terminated") return null;
  return { status, resultText: outputText };
}

function reportTo(
  { instanceId, executionId, taskId }: Parent,
  ending: Ending,
): { instanceId: string; executionId: string; fact: HistoryFact } | null {
  const to = { instanceId, executionId };
  switch (ending.kind) {
    case "completed":
      return { ...to, fact: { kind: "child-completed", taskId, resultJson: ending.outputJson } };
    case "failed": {
      const { message: reason, classified } = ending;
      const own = reason.replace(/^Orchestrator function '[^']*' failed: /, "");
      const details = classified
        ? `Message: ${own}, StackTrace: ${ORCHESTRATOR_STACK}`
        : `Unhandled exception while executing orchestration: ${reason}`;
      return { ...to, fact: { kind: "child-failed", taskId, reason, details } };
    }
    case "terminated": {
      // The missing details are the framework's: the SDK of the parent cannot read such an event.
      const reason = ending.reason ?? "";
      return { ...to, fact: { kind: "child-failed", taskId, reason, details: null } };
    }
    case "running":
    case "suspended":
    case "continued-as-new":
      return null;
    default:
      return ending satisfies never;
  }
}

function asFact(decision: Decision): HistoryFact {
  switch (decision.kind) {
    case "activity":
      return { kind: "task-scheduled", name: decision.name };
    case "timer":
      return { kind: "timer-created", fireAt: decision.fireAt };
    case "child":
      return { kind: "child-created", name: decision.name, childId: decision.childId };
    default:
      return decision satisfies never;
  }
}

function asMessage(
  world: RecordWorld,
  { instanceId, executionId, name }: Instance,
  now: number,
  taskId: number,
  decision: Exclude<Decision, { kind: "activity" }>,
): NewMessage {
  if (decision.kind === "timer") {
    const { fireAt } = decision;
    const fact = { kind: "timer-fired", taskId, fireAt } as const;
    return { instanceId, executionId, createdAt: now, visibleAt: fireAt, fact };
  }
  const childExecutionId = world.newExecutionId();
  return {
    instanceId: decision.childId,
    executionId: childExecutionId,
    createdAt: now,
    visibleAt: now,
    fact: {
      kind: "execution-started",
      name: decision.name,
      inputJson: decision.inputJson,
      executionId: childExecutionId,
      parent: { instanceId, executionId, name, taskId },
      generation: 0,
      version: decision.version,
    },
  };
}
