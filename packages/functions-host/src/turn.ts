// One turn of an orchestration: user code, the host's half of the replay, and what is to be stored.

import { type Decisions, refusedIn } from "./actions.ts";
import { turnFailure } from "./failure-texts.ts";
import { type HistoryEvent, newEvent } from "./history.ts";
import {
  decisionsFromError,
  decisionsFromResponse,
  orchestratorTrigger,
  unreported,
} from "./protocol.ts";
import { type Ending, type ReplayContext, type ReplayResult, replay } from "./replay.ts";
import type { Instance } from "./store.ts";
import {
  type NewActivity,
  type NewMessage,
  type Recorded,
  type RecordWorld,
  recordTurn,
} from "./turn-record.ts";
import type { Invoked } from "./worker-slot.ts";

export interface TurnWorld
  extends RecordWorld,
    Pick<ReplayContext, "isActivity" | "isOrchestrator"> {
  isEntity(name: string): boolean;
  orchestratorNames(): readonly string[];
  /** Null: the turn is to be tried again later, as if it had not begun. */
  invoke(name: string, triggerText: string): Promise<Invoked | null>;
  /** Called with every report of user code, before the replay. */
  inspect(decisions: Decisions): void;
  warn(finding: string): void;
}

type Started = HistoryEvent & { kind: "execution-started" };

/** More rounds than any loop that waits for something; beyond it the loop does not. */
const CONTINUATIONS_MAX = 10_000;
const CUSTOM_STATUS_KB_MAX = 16;

/** Runs user code until it waits; null when the turn has to be repeated. */
export async function takeTurn(
  world: TurnWorld,
  instance: Instance,
  arrived: readonly HistoryEvent[],
): Promise<Recorded | null> {
  const messages: NewMessage[] = [];
  const activities: NewActivity[] = [];
  let current = instance;
  let fresh = arrived;
  for (let round = 0; round < CONTINUATIONS_MAX; round++) {
    const begun = newEvent(world.now(), { kind: "orchestrator-started" });
    const history = [...current.history, begun, ...fresh];
    const start = history.find((one): one is Started => one.kind === "execution-started");
    if (start === undefined) {
      throw new Error(`Cannot take a turn: the instance never started: ${instance.instanceId}`);
    }
    const decisions = await runUserCode(world, current, history, start);
    if (decisions === null) return null;
    world.inspect(decisions);
    const { name: orchestrator, executionId, parent } = start;
    const refused = refusedIn(decisions.actions, world.isEntity);
    const result =
      refused === null
        ? replay(history, decisions, { ...world, orchestrator, executionId })
        : refusal(orchestrator, refused);
    const played = [...current.history, begun, ...fresh.map((one) => ({ ...one, played: true }))];
    const { customStatusJson } = decisions;
    const step = recordTurn(world, current, parent, played, customStatusJson, result);
    messages.push(...step.messages);
    activities.push(...step.activities);
    if (result.ending.kind !== "continued-as-new") {
      return { instance: step.instance, messages, activities };
    }
    ({ instance: current, fresh } = nextExecution(world, step.instance, start, result.ending));
  }
  throw new Error(`Cannot take a turn: it continues as new for ever: ${instance.instanceId}`);
}

async function runUserCode(
  world: TurnWorld,
  { instanceId }: Instance,
  history: readonly HistoryEvent[],
  { name, inputJson, parent, played: replaying }: Started,
): Promise<Decisions | null> {
  if (!world.isOrchestrator(name)) {
    const known = world.orchestratorNames().map((one) => `'${one}'`);
    return unreported(
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. Additional info: The following are the known orchestrator functions: ${known.join(", ")}.`,
    );
  }
  const text = orchestratorTrigger(instanceId, history, { inputJson, parent, replaying });
  const outcome = await world.invoke(name, text);
  return outcome === null ? null : limitCustomStatus(decisionsOf(outcome));
}

function decisionsOf(outcome: Invoked): Decisions {
  try {
    if (outcome.kind === "returned") return decisionsFromResponse(outcome.response);
    // The credentials go first: what is left must still be the SDK's report.
    const message = turnFailure(outcome);
    const reported = outcome.kind === "threw" ? decisionsFromError(message) : null;
    return reported ?? unreported(message);
  } catch (thrown) {
    // An action the extension cannot read, such as a timer without an instant, fails the instance.
    return unreported(`Cannot read what the orchestrator reported: ${String(thrown)}`);
  }
}

/** The extension measures before it looks at anything else of the report. */
function limitCustomStatus(decisions: Decisions): Decisions {
  const sizeKb = Math.floor(((decisions.customStatusJson?.length ?? 0) * 2) / 1024);
  if (sizeKb <= CUSTOM_STATUS_KB_MAX) return decisions;
  return unreported(
    `The UTF-16 size of the JSON-serialized payload must not exceed ${CUSTOM_STATUS_KB_MAX} KB. The current payload size is ${sizeKb} KB.`,
  );
}

function refusal(orchestrator: string, what: string): ReplayResult {
  const message = `Orchestrator function '${orchestrator}' failed: Cannot go on: this host has no support for: ${what}`;
  return { ending: { kind: "failed", message, classified: true }, decisions: [], nextId: 0 };
}

/** A new execution under the same id: only the events that came after the call go with it. */
function nextExecution(
  world: TurnWorld,
  instance: Instance,
  { name, parent, version }: Started,
  { inputJson, carried }: Ending & { kind: "continued-as-new" },
): { instance: Instance; fresh: readonly HistoryEvent[] } {
  const executionId = world.newExecutionId();
  const now = world.now();
  const fact = { name, inputJson, executionId, parent, generation: null, version };
  const started = newEvent(now, { kind: "execution-started", ...fact });
  return {
    instance: { ...instance, executionId, inputJson, history: [], createdAt: now },
    fresh: [started, ...carried],
  };
}
