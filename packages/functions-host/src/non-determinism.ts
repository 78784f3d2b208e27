// The texts with which the framework says that a replay does not match its history.

import type { Decision } from "./issued-tasks.ts";

export type Recorded =
  | { kind: "activity"; id: number; name: string }
  | { kind: "child"; id: number; name: string; childId: string }
  | { kind: "timer"; id: number };

const HEAD = "Non-Deterministic workflow detected: A previous execution of this orchestration ";
const TAIL =
  "Was a change made to the orchestrator code after this instance had already started running?";

const ACTION_TYPES: Record<Decision["kind"], string> = {
  activity: "ScheduleTaskOrchestratorAction",
  timer: "CreateTimerOrchestratorAction",
  child: "CreateSubOrchestrationAction",
};

/** What is wrong with this decision, given what was recorded under its number; null when they agree. */
export function disagreement(recorded: Recorded, decision: Decision | undefined): string | null {
  if (decision === undefined) return HEAD + missing(recorded) + TAIL;
  if (decision.kind !== recorded.kind) {
    return HEAD + otherKind(recorded, ACTION_TYPES[decision.kind]) + TAIL;
  }
  if (recorded.kind === "timer" || decision.kind === "timer") return null;
  if (decision.name.toLowerCase() === recorded.name.toLowerCase()) return null;
  return HEAD + otherName(recorded, decision.name) + TAIL;
}

function missing(recorded: Recorded): string {
  const absent = "but the current replay execution hasn't (yet?) scheduled this task. ";
  switch (recorded.kind) {
    case "activity":
      return `scheduled an activity task with sequence ID ${recorded.id} and name '${recorded.name}' (version ''), ${absent}`;
    case "child":
      return `scheduled a sub-orchestration task with sequence ID ${recorded.id} and name '${recorded.name}' (version '', instance ID '${recorded.childId}'), ${absent}`;
    case "timer":
      return `scheduled a timer task with sequence number ${recorded.id} ${absent}`;
    default:
      return recorded satisfies never;
  }
}

function otherKind(recorded: Recorded, type: string): string {
  const instead = `but the current orchestration replay instead produced a ${type} action with this sequence number. `;
  switch (recorded.kind) {
    case "activity":
      return `scheduled an activity task with sequence number ${recorded.id} named '${recorded.name}', ${instead}`;
    case "child":
      return `scheduled a sub-orchestration task with sequence number ${recorded.id} named '${recorded.name}', ${instead}`;
    case "timer":
      // The missing name is the framework's own slip.
      return `scheduled a timer task with sequence number ${recorded.id} named ${instead}`;
    default:
      return recorded satisfies never;
  }
}

function otherName(recorded: Recorded & { name: string }, name: string): string {
  const noun = recorded.kind === "activity" ? "an activity task" : "a sub-orchestration task";
  const blank = recorded.kind === "activity" ? "  " : " ";
  return `scheduled ${noun} with sequence number ${recorded.id} named '${recorded.name}', but the current orchestration replay instead scheduled ${noun} named '${name}' with this sequence number.${blank}`;
}
