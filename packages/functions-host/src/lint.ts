// Names what happens to work here and is fragile on the real platform.

import type { Action, Decisions } from "./actions.ts";

/** Findings are sentences that name the instance; each is told once. */
export interface Lint {
  /** A start by a client. */
  started(instanceId: string, inputJson: string | null): void;
  /** An event by a client; null: without data. */
  raised(instanceId: string, name: string, inputJson: string | null): void;
  /** What user code reported in a turn. */
  reported(instanceId: string, decisions: Decisions): void;
  /** How much history a turn left. */
  grown(instanceId: string, eventCount: number): void;
  warn(instanceId: string, finding: string): void;
  found(): readonly string[];
}

/** Looks away. */
export const noLint: Lint = {
  started: () => undefined,
  raised: () => undefined,
  reported: () => undefined,
  grown: () => undefined,
  warn: () => undefined,
  found: () => [],
};

const HISTORY_MAX = 500;
const ID_LENGTH_MAX = 100;

/** Collects findings and tells of each once. */
export class LintRules implements Lint {
  private readonly findings = new Set<string>();
  private readonly onFinding: (finding: string) => void;

  constructor(onFinding: (finding: string) => void) {
    this.onFinding = onFinding;
  }

  started(instanceId: string, inputJson: string | null): void {
    if (instanceId.length > ID_LENGTH_MAX || /^@|[/\\#?]|\p{Cc}/u.test(instanceId)) {
      this.warn(instanceId, "instance id that not every way of starting accepts");
    }
    this.payload(instanceId, "orchestrator input", inputJson);
  }

  raised(instanceId: string, name: string, inputJson: string | null): void {
    if (!/^[\w-]+$/.test(name))
      this.warn(instanceId, `event name with other than letters: ${name}`);
    if (inputJson === null) this.warn(instanceId, `event raised without data: ${name}`);
    else if (hasTimestamp(inputJson))
      this.warn(instanceId, `property called Timestamp: event ${name}`);
  }

  reported(instanceId: string, { actions, done, error, threw }: Decisions): void {
    if (threw && error === null && !done)
      this.warn(instanceId, "threw something that is not an Error");
    for (const action of actions) this.action(instanceId, action, false);
    this.reusedTimers(instanceId, actions);
  }

  grown(instanceId: string, eventCount: number): void {
    if (eventCount > HISTORY_MAX)
      this.warn(instanceId, `history longer than ${HISTORY_MAX} events`);
  }

  warn(instanceId: string, finding: string): void {
    const text = `${instanceId}: ${finding}`;
    if (this.findings.has(text)) return;
    this.findings.add(text);
    this.onFinding(text);
  }

  found(): readonly string[] {
    return [...this.findings];
  }

  private action(instanceId: string, action: Action, compound: boolean): void {
    switch (action.kind) {
      case "any":
      case "all":
        for (const one of action.of) this.action(instanceId, one, true);
        return;
      case "activity":
      case "child": {
        const { name, retry } = action;
        if (compound && retry !== null)
          this.warn(instanceId, `retries inside Task.any or Task.all: ${name}`);
        if (retry !== null && Number.isFinite(retry.timeoutMs)) {
          this.warn(instanceId, `retryTimeoutInMilliseconds: ${name}`);
        }
        this.payload(
          instanceId,
          `input of ${name}`,
          action.kind === "activity" ? activityJson(action.input) : childJson(action.input),
        );
        return;
      }
      case "continue-as-new":
        this.payload(instanceId, "input of continueAsNew", JSON.stringify(action.input ?? null));
        return;
      case "timer":
      case "event":
      case "refused":
        return;
      default:
        action satisfies never;
    }
  }

  private payload(instanceId: string, what: string, json: string | null): void {
    if (json === null || !/^\s*[{[]/.test(json)) this.warn(instanceId, `not an object: ${what}`);
    else if (hasTimestamp(json)) this.warn(instanceId, `property called Timestamp: ${what}`);
  }

  /** A timer taken up again in another race is set twice here, and once in the SDK. */
  private reusedTimers(instanceId: string, actions: readonly Action[]): void {
    const open = new Set<number>();
    for (const action of actions) {
      if (action.kind !== "any" && action.kind !== "all") continue;
      for (const one of action.of) {
        if (one.kind !== "timer" || one.cancelled) continue;
        if (open.has(one.fireAt)) this.warn(instanceId, "the same timer in two races");
        open.add(one.fireAt);
      }
    }
  }
}

function hasTimestamp(json: string): boolean {
  return /"Timestamp"\s*:/.test(json);
}

/** Activities get strings quoted already. Nothing at all is fine: it is nothing on the other side too. */
function activityJson(input: unknown): string {
  if (input === undefined) return "{}";
  return typeof input === "string" ? input : JSON.stringify(input);
}

function childJson(input: unknown): string {
  return input === undefined ? "{}" : JSON.stringify(input);
}
