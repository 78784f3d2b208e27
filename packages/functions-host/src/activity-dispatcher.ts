import { clientInputs } from "./client-inputs.ts";
import type { EngineOptions } from "./engine-options.ts";
import { activityFailure } from "./failure-texts.ts";
import type { HistoryFact } from "./history.ts";
import { activityMetadata, activityResult } from "./protocol.ts";
import type { ActivityItem, Message } from "./store.ts";
import { unawaited } from "./unawaited.ts";

/** Runs activities, so many at a time, and at least once each. */
export class ActivityDispatcher {
  private readonly options: EngineOptions;
  private readonly onResult: (message: Message) => void;
  private readonly queue: ActivityItem[] = [];
  running = 0;
  private stopping = false;

  constructor(options: EngineOptions, onResult: (message: Message) => void) {
    this.options = options;
    this.onResult = onResult;
  }

  onStored(item: ActivityItem): void {
    const { agenda, clock, latency, activityHiddenMs } = this.options;
    const startAt = clock.now() + latency.startActivity(clock.now());
    const at = item.dequeuedAt === null ? startAt : item.dequeuedAt + activityHiddenMs;
    agenda.at(at, () => {
      this.queue.push(item);
      this.pump();
    });
  }

  /** Takes up nothing more; what runs is waited for by whoever stops the host. */
  stop(): void {
    this.stopping = true;
  }

  private pump(): void {
    if (this.stopping) return;
    while (this.running < this.options.activitiesMax) {
      const item = this.queue.shift();
      if (item === undefined) return;
      this.running++;
      const run = this.run(item).finally(() => {
        this.running--;
        this.pump();
      });
      unawaited(run, (because) => this.options.log("critical", because));
    }
  }

  private async run(item: ActivityItem): Promise<void> {
    const { store, clock, trace } = this.options;
    if (!store.activities.has(item.seq)) return;
    item.dequeuedAt = clock.now();
    trace(`${clock.now()} activity ${item.instanceId} ${item.eventId} ${item.name}`);
    const fact = await this.invoke(item);
    const message = store.finishActivity(item, fact, clock.now());
    if (message !== null) this.onResult(message);
  }

  private async invoke(item: ActivityItem): Promise<HistoryFact> {
    const { slot, random, functions, durableClient } = this.options;
    const { eventId: taskId, inputText, instanceId } = item;
    const found = functions.find(item.name);
    if (found === null) throw new Error(`Cannot run the activity: no such function: ${item.name}`);
    const { name, triggerName } = found;
    const invocationId = random.uuid();
    const outcome = await slot.invoke({
      invocationId,
      functionName: name,
      inputData: [
        { name: triggerName, data: inputText === null ? {} : { string: inputText } },
        ...clientInputs(found, durableClient()),
      ],
      triggerMetadata: activityMetadata(instanceId, triggerName, inputText),
    });
    if (outcome.kind === "returned") {
      return {
        kind: "task-completed",
        taskId,
        resultJson: activityResult(outcome.response.returnValue),
      };
    }
    // The caller's spelling of the name, as in the event that asked for it.
    const { reason, details } = activityFailure(item.name, outcome, invocationId);
    return { kind: "task-failed", taskId, reason, details };
  }
}
