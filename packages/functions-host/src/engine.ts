// The task hub at work: takes messages off the queues, runs turns and activities, stores what comes of them.
//
// P1. A message stays stored until the turn that used it is committed; a dead host leaves all of it behind.
// P2. Messages of an execution that is no more are dropped; a start is taken once.
// P3. Turns of one instance never overlap.
// P4. A host that stops begins nothing more, and may still take a message off the queue that nobody handles then.

import { ActivityDispatcher } from "./activity-dispatcher.ts";
import type { EngineOptions } from "./engine-options.ts";
import { turnFailure } from "./failure-texts.ts";
import type { HistoryEvent, HistoryFact } from "./history.ts";
import { sortInbox } from "./inbox.ts";
import { orchestratorMetadata } from "./protocol.ts";
import type { Instance, Message } from "./store.ts";
import { type TurnWorld, takeTurn } from "./turn.ts";
import type { Recorded } from "./turn-record.ts";
import { unawaited } from "./unawaited.ts";
import type { Invoked } from "./worker-slot.ts";

/** A dispatcher that met a storage fault or a lost host rests this long. */
const RETRY_TURN_MS = 10_000;
/** In 8 of 14 stops of the real host the result of an activity that ended meanwhile was taken, and lost for a while. */
const TAKEN_AND_LOST = 8 / 14;

/** One task hub, as one host works it. */
export class Engine {
  readonly activities: ActivityDispatcher;
  private readonly options: EngineOptions;
  private readonly inboxes = new Map<string, Message[]>();
  private readonly busy = new Set<string>();
  private readonly lastDeliveryAt = new Map<string, number>();
  private readonly activeAt: number[] = [];
  private turns = 0;
  private stopping = false;

  constructor(options: EngineOptions) {
    this.options = options;
    this.activities = new ActivityDispatcher(options, (message) => this.onStored(message));
  }

  /** Takes up what an earlier host left in the store. */
  resume(): void {
    for (const message of this.options.store.messages.values()) this.onStored(message);
    for (const item of this.options.store.activities.values()) this.activities.onStored(item);
  }

  /** Begins nothing more; what is under way goes on. */
  stop(): void {
    this.stopping = true;
    this.activities.stop();
  }

  get idle(): boolean {
    return this.turns === 0 && this.activities.running === 0;
  }

  /** Puts a message into the queue of its instance. */
  post(instanceId: string, executionId: string | null, fact: HistoryFact): void {
    const now = this.options.clock.now();
    this.onStored(
      this.options.store.addMessage({
        instanceId,
        executionId,
        createdAt: now,
        visibleAt: now,
        fact,
      }),
    );
  }

  private onStored(message: Message): void {
    const { agenda, clock, latency } = this.options;
    const now = clock.now();
    if (this.stopping) {
      this.lose(message);
      return;
    }
    const partition = this.partitionOf(message.instanceId);
    if (message.visibleAt > now) {
      // Nobody is woken by a message that becomes visible: it waits for the next look.
      agenda.at(message.visibleAt, () => {
        const activeAt = this.activeAt[partition] ?? message.createdAt;
        const pollMs = latency.poll(activeAt, clock.now());
        agenda.after(pollMs, () => this.deliver(message));
      });
      return;
    }
    this.activeAt[partition] = now;
    const earliest = this.lastDeliveryAt.get(message.instanceId) ?? 0;
    const at = Math.max(now + latency.deliver(now), earliest);
    this.lastDeliveryAt.set(message.instanceId, at);
    agenda.at(at, () => this.deliver(message));
  }

  /** Whoever comes next finds the message at once, or when the one who took it has been silent for long enough. */
  private lose(message: Message): void {
    const { clock, random, messageHiddenMs } = this.options;
    if (random.next() >= TAKEN_AND_LOST) return;
    message.visibleAt = Math.max(message.visibleAt, clock.now() + messageHiddenMs);
  }

  private partitionOf(instanceId: string): number {
    let hash = 0;
    for (let i = 0; i < instanceId.length; i++) {
      hash = (Math.imul(hash, 31) + instanceId.charCodeAt(i)) | 0;
    }
    return Math.abs(hash) % this.options.partitionCount;
  }

  private deliver(message: Message): void {
    if (!this.options.store.messages.has(message.seq)) return;
    const { instanceId } = message;
    const inbox = this.inboxes.get(instanceId) ?? [];
    inbox.push(message);
    this.inboxes.set(instanceId, inbox);
    this.activeAt[this.partitionOf(instanceId)] = this.options.clock.now();
    this.pumpBeside(instanceId);
  }

  private pumpBeside(instanceId: string): void {
    unawaited(this.pump(instanceId), (because) => this.options.log("critical", because));
  }

  private async pump(instanceId: string): Promise<void> {
    if (this.stopping || this.busy.has(instanceId)) return;
    this.busy.add(instanceId);
    this.turns++;
    try {
      while (!this.stopping && (this.inboxes.get(instanceId)?.length ?? 0) > 0) {
        if (!(await this.turn(instanceId))) break;
      }
    } finally {
      this.turns--;
      this.busy.delete(instanceId);
    }
  }

  /** False when the inbox has to wait for something else. */
  private async turn(instanceId: string): Promise<boolean> {
    const { store, clock, agenda, latency, lint, trace } = this.options;
    const inbox = this.inboxes.get(instanceId) ?? [];
    this.inboxes.delete(instanceId);
    const stored = store.instances.get(instanceId) ?? null;
    const { instance, arrived, taken, kept } = sortInbox(stored, inbox, (finding) =>
      lint.warn(instanceId, finding),
    );
    if (kept.length > 0) this.inboxes.set(instanceId, [...kept]);
    if (instance === null || arrived.length === 0) {
      for (const { seq } of taken) store.messages.delete(seq);
      return kept.length === 0;
    }
    const outcome = await takeTurn(this.world(instance, arrived), instance, arrived);
    if (outcome === null) {
      this.inboxes.set(instanceId, [...taken, ...(this.inboxes.get(instanceId) ?? [])]);
      agenda.after(RETRY_TURN_MS, () => this.pumpBeside(instanceId));
      return false;
    }
    await agenda.wait(latency.commit());
    const { status, history } = outcome.instance;
    lint.grown(instanceId, history.length);
    trace(`${clock.now()} turn ${instanceId} ${status} ${history.length}`);
    // Replaced or purged meanwhile: then this turn never was, and its messages are nobody's.
    const current = (store.instances.get(instanceId) ?? null) === stored;
    if (!current) for (const { seq } of taken) store.messages.delete(seq);
    else this.commit(outcome, taken);
    return true;
  }

  private commit(outcome: Recorded, taken: readonly Message[]): void {
    const { store, clock, latency } = this.options;
    const now = clock.now();
    // The queue counts whole seconds from when it gets the message: timers come early.
    const messages = outcome.messages.map((one) =>
      one.fact.kind === "timer-fired"
        ? { ...one, createdAt: now, visibleAt: latency.timerVisibleAt(now, one.fact.fireAt) }
        : one,
    );
    const consumed = taken.map(({ seq }) => seq);
    const stored = store.commit({ ...outcome, messages, consumed });
    for (const message of stored.messages) this.onStored(message);
    for (const item of stored.activities) this.activities.onStored(item);
  }

  private world(instance: Instance, arrived: readonly HistoryEvent[]): TurnWorld {
    const { clock, random, functions, lint } = this.options;
    const isKind = (kind: string) => (name: string) => functions.find(name)?.kind === kind;
    return {
      now: () => clock.now(),
      newExecutionId: () => random.uuid().replaceAll("-", ""),
      isActivity: isKind("activity"),
      isOrchestrator: isKind("orchestration"),
      isEntity: isKind("entity"),
      orchestratorNames: () =>
        functions
          .all()
          .filter((one) => one.kind === "orchestration")
          .map((one) => one.name),
      invoke: (name, text) => this.invoke(instance, arrived, name, text),
      inspect: (decisions) => lint.reported(instance.instanceId, decisions),
      warn: (finding) => lint.warn(instance.instanceId, finding),
    };
  }

  private async invoke(
    instance: Instance,
    arrived: readonly HistoryEvent[],
    name: string,
    text: string,
  ): Promise<Invoked | null> {
    const { slot, random, functions, gapFailureRate, fullMetadata, log } = this.options;
    const found = functions.find(name);
    if (found === null) throw new Error(`Cannot run a turn: no such orchestrator: ${name}`);
    // Whoever was told of the crash by a failed activity was seen to go on.
    const told = arrived.some((event) => event.kind === "task-failed");
    if (!slot.ready && (told || random.next() >= gapFailureRate)) {
      await new Promise<void>((resolve) => slot.whenReady(resolve));
    }
    const outcome = await slot.invoke({
      invocationId: random.uuid(),
      functionName: found.name,
      inputData: [{ name: found.triggerName, data: { string: text } }],
      ...(fullMetadata && { triggerMetadata: orchestratorMetadata(found.triggerName, text) }),
    });
    if (outcome.kind === "timed-out") return null;
    if (outcome.kind === "worker-exited" || outcome.kind === "no-worker") {
      log("error", `${instance.instanceId}: ${turnFailure(outcome)}`);
    }
    return outcome;
  }
}
