import { type HistoryEvent, type HistoryFact, isFinal, newEvent } from "./history.ts";
import type { Instance, Message } from "./store.ts";

export interface SortedInbox {
  /** As it stands when the turn begins; null: nobody the messages could be for. */
  instance: Instance | null;
  arrived: readonly HistoryEvent[];
  /** Used up by this turn, the dropped ones included. */
  taken: readonly Message[];
  /** For an instance whose start is still on its way. */
  kept: readonly Message[];
}

/** Tells the messages of the execution at hand from those of executions that are no more. */
export function sortInbox(
  stored: Instance | null,
  inbox: readonly Message[],
  warn: (finding: string) => void,
): SortedInbox {
  let instance = stored;
  let arrived: HistoryEvent[] = [];
  const taken: Message[] = [];
  const kept: Message[] = [];
  for (const message of inbox) {
    const { fact, createdAt } = message;
    if (fact.kind === "execution-started") {
      taken.push(message);
      const begun = begin(instance, message, fact, arrived.length > 0, warn);
      if (begun === null) continue;
      instance = begun;
      arrived = [newEvent(createdAt, fact)];
    } else if (instance?.status === "Pending" && arrived.length === 0) {
      kept.push(message);
    } else {
      taken.push(message);
      if (instance !== null && isFor(message, instance)) arrived.push(newEvent(createdAt, fact));
    }
  }
  return { instance, arrived, taken, kept };
}

function isFor({ executionId }: Message, instance: Instance): boolean {
  if (isFinal(instance.status)) return false;
  return executionId === null || executionId === instance.executionId;
}

function begin(
  instance: Instance | null,
  { instanceId, createdAt }: Message,
  { name, inputJson, executionId, parent }: HistoryFact & { kind: "execution-started" },
  begunAlready: boolean,
  warn: (finding: string) => void,
): Instance | null {
  if (parent === null) {
    // Of racing starts, only the one whose row was written last is run, and only once.
    const mine = instance?.executionId === executionId && instance.status === "Pending";
    return mine && !begunAlready ? instance : null;
  }
  // A child takes its id, whoever runs under it.
  if (instance !== null && !isFinal(instance.status)) {
    warn("child started under the id of a running instance");
  }
  return {
    instanceId,
    name,
    executionId,
    status: "Running",
    inputJson,
    outputText: null,
    customStatusJson: null,
    createdAt,
    lastUpdatedAt: createdAt,
    history: [],
  };
}
