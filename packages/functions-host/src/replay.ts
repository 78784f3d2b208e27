// The host's half of a replay.
//
// The SDK sends the complete list of actions since the start; here that list is driven once more against
// the same history, with its own numbering of tasks. What is issued and has no event yet is new.
//
// P1. Faithful where the two halves disagree: the numbers come from this walk, never from the SDK.
// P2. Synchronous: settling a task runs what waits for it before the next event is looked at.

import type { Decisions } from "./actions.ts";
import type { HistoryEvent } from "./history.ts";
import { type Decision, type IssueContext, IssuedTasks } from "./issued-tasks.ts";
import { disagreement, type Recorded } from "./non-determinism.ts";

/** How an instance stands after a turn. */
export type Ending =
  | { kind: "running" }
  | { kind: "suspended"; reason: string | null }
  | { kind: "completed"; outputJson: string }
  | { kind: "continued-as-new"; inputJson: string; carried: readonly HistoryEvent[] }
  | { kind: "failed"; message: string; classified: boolean }
  | { kind: "terminated"; reason: string | null };

export interface ReplayResult {
  ending: Ending;
  /** In the order of their numbers. */
  decisions: readonly { id: number; decision: Decision }[];
  nextId: number;
}

export interface ReplayContext extends IssueContext {
  orchestrator: string;
}

/** Drives the reported actions against the history, and says what is new and how the turn ends. */
export function replay(
  history: readonly HistoryEvent[],
  report: Decisions,
  context: ReplayContext,
): ReplayResult {
  return new Replay(report, context).run(history);
}

class NonDeterminism extends Error {}

class Replay {
  private readonly report: Decisions;
  private readonly context: ReplayContext;
  private readonly tasks: IssuedTasks;
  private cursor = 0;
  private allIssued = false;
  private readonly carried: HistoryEvent[] = [];
  private suspension: { reason: string | null } | null = null;
  private readonly parked: HistoryEvent[] = [];
  private termination: { reason: string | null } | null = null;

  constructor(report: Decisions, context: ReplayContext) {
    this.report = report;
    this.context = context;
    this.tasks = new IssuedTasks(context);
  }

  run(history: readonly HistoryEvent[]): ReplayResult {
    const ending = this.walk(history);
    const { unrecorded, nextId } = this.tasks;
    const decisions = [...unrecorded]
      .sort(([a], [b]) => a - b)
      .map(([id, decision]) => ({ id, decision }));
    return { ending, decisions: ending.kind === "suspended" ? [] : decisions, nextId };
  }

  private walk(history: readonly HistoryEvent[]): Ending {
    try {
      for (const event of history) this.take(event);
    } catch (thrown) {
      if (!(thrown instanceof NonDeterminism)) throw thrown;
      this.context.warn("replay does not match the history");
      return { kind: "failed", message: thrown.message, classified: false };
    }
    return this.ending();
  }

  private ending(): Ending {
    if (this.termination !== null) return { kind: "terminated", ...this.termination };
    if (this.suspension !== null) return { kind: "suspended", ...this.suspension };
    const { error, done, output } = this.report;
    if (this.cursor < this.report.actions.length) {
      this.context.warn("the code went on, the host still waits for something it was asked for");
    }
    if (!this.allIssued) return { kind: "running" };
    // An open task keeps the instance alive although its code has returned.
    if (this.tasks.openCount > 0) {
      if (done || error !== null) this.context.warn("the code ended with a task still open");
      return { kind: "running" };
    }
    if (error !== null) {
      const message = `Orchestrator function '${this.context.orchestrator}' failed: ${error}`;
      return { kind: "failed", message, classified: true };
    }
    if (!done) return { kind: "running" };
    const { continueAsNewJson: inputJson, unread } = this.tasks;
    if (inputJson === null)
      return { kind: "completed", outputJson: JSON.stringify(output ?? null) };
    for (const name of unread) this.context.warn(`event lost by continueAsNew: ${name}`);
    return { kind: "continued-as-new", inputJson, carried: this.carried };
  }

  private take(event: HistoryEvent): void {
    if (this.suspension !== null && !overridesSuspension(event)) {
      this.parked.push(event);
      return;
    }
    switch (event.kind) {
      case "orchestrator-started":
        this.tasks.now = event.at;
        return;
      case "execution-started":
        this.step();
        return;
      case "task-scheduled":
        this.confirm({ kind: "activity", id: event.eventId, name: event.name });
        return;
      case "timer-created":
        this.confirm({ kind: "timer", id: event.eventId });
        return;
      case "child-created": {
        const { eventId: id, name, childId } = event;
        this.confirm({ kind: "child", id, name, childId });
        return;
      }
      case "task-completed":
      case "child-completed":
      case "timer-fired":
        this.tasks.settle(event.taskId, "done");
        return;
      case "task-failed":
      case "child-failed":
        this.tasks.settle(event.taskId, "failed");
        return;
      case "event-raised":
        if (this.tasks.continueAsNewJson === null) this.tasks.raise(event.name);
        else this.carried.push(event);
        return;
      case "execution-terminated":
        this.termination ??= { reason: event.reason };
        return;
      case "execution-suspended":
        this.suspension = { reason: event.reason };
        return;
      case "execution-resumed":
        this.suspension = null;
        for (const one of this.parked.splice(0)) this.take(one);
        return;
      case "orchestrator-completed":
      case "execution-completed":
      case "generic":
        return;
      default:
        event satisfies never;
    }
  }

  private confirm(recorded: Recorded): void {
    const wrong = disagreement(recorded, this.tasks.unrecorded.get(recorded.id));
    if (wrong !== null) throw new NonDeterminism(wrong);
    this.tasks.unrecorded.delete(recorded.id);
  }

  /** Strictly one action after the other; that one failed changes nothing here. */
  private step(): void {
    for (;;) {
      const action = this.report.actions[this.cursor];
      if (action === undefined) break;
      const task = this.tasks.issue(action);
      this.cursor++;
      if (task.outcome === "open") {
        task.onSettled(() => this.step());
        return;
      }
    }
    this.allIssued = true;
  }
}

/** All other events wait until a suspended instance is resumed. */
function overridesSuspension({ kind }: HistoryEvent): boolean {
  return kind === "execution-terminated" || kind === "execution-resumed";
}
