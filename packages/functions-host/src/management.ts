// What a client may do to the instances of a task hub.

import type { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import { type HistoryEvent, isFinal, type RuntimeStatus } from "./history.ts";
import type { Latency } from "./latency.ts";
import type { Random } from "./random.ts";
import type { Instance, Store } from "./store.ts";

export interface ManagementOptions {
  store: Store;
  clock: Clock;
  agenda: Agenda;
  latency: Latency;
  random: Random;
  engine: Engine;
  /** True: a start replaces an instance in whatever state it is. */
  replaceAnyState: boolean;
}

export type StartOutcome =
  | { kind: "accepted"; instanceId: string }
  | { kind: "exists"; status: RuntimeStatus };

export type ChangeOutcome =
  | { kind: "accepted" }
  | { kind: "missing" }
  | { kind: "finished"; status: RuntimeStatus }
  | { kind: "wrong-state"; status: RuntimeStatus };

export interface InstanceFilter {
  from: number | null;
  to: number | null;
  statuses: readonly string[];
  prefix: string | null;
}

/** Starts, steers and removes instances. */
export class Management {
  private readonly options: ManagementOptions;

  constructor(options: ManagementOptions) {
    this.options = options;
  }

  find(instanceId: string): Instance | null {
    return this.options.store.instances.get(instanceId) ?? null;
  }

  async start(
    name: string,
    givenId: string | null,
    inputJson: string | null,
    version: string | null,
  ): Promise<StartOutcome> {
    const { store, random, replaceAnyState } = this.options;
    const instanceId = givenId ?? random.uuid().replaceAll("-", "");
    const executionId = random.uuid();
    const seen = store.instances.get(instanceId);
    if (seen !== undefined && !isFinal(seen.status) && !replaceAnyState) {
      return { kind: "exists", status: seen.status };
    }
    // Whoever asks between this look and the row's writing sees no row, and is accepted too.
    await this.written();
    const now = store.instances.get(instanceId);
    const begun = now !== undefined && now !== seen && now.status !== "Pending";
    if (begun && !replaceAnyState) return { kind: "accepted", instanceId };
    this.place(instanceId, executionId, name, inputJson);
    const [parent, generation] = [null, 0];
    const fact = { name, inputJson, executionId, parent, generation, version };
    this.options.engine.post(instanceId, executionId, { kind: "execution-started", ...fact });
    return { kind: "accepted", instanceId };
  }

  async raise(instanceId: string, name: string, inputJson: string): Promise<ChangeOutcome> {
    const problem = this.problemWith(instanceId);
    if (problem !== null) return problem;
    await this.written();
    this.options.engine.post(instanceId, null, { kind: "event-raised", name, inputJson });
    return { kind: "accepted" };
  }

  async terminate(instanceId: string, reason: string | null): Promise<ChangeOutcome> {
    const problem = this.problemWith(instanceId);
    if (problem !== null) return problem;
    await this.written();
    this.options.engine.post(instanceId, null, { kind: "execution-terminated", reason });
    return { kind: "accepted" };
  }

  async suspend(instanceId: string, reason: string | null): Promise<ChangeOutcome> {
    const problem = this.problemWith(instanceId, (status) => status !== "Suspended");
    if (problem !== null) return problem;
    await this.written();
    this.options.engine.post(instanceId, null, { kind: "execution-suspended", reason });
    return { kind: "accepted" };
  }

  async resume(instanceId: string, reason: string | null): Promise<ChangeOutcome> {
    const problem = this.problemWith(instanceId, (status) => status === "Suspended");
    if (problem !== null) return problem;
    await this.written();
    this.options.engine.post(instanceId, null, { kind: "execution-resumed", reason });
    return { kind: "accepted" };
  }

  async rewind(instanceId: string, reason: string | null): Promise<ChangeOutcome> {
    const instance = this.find(instanceId);
    if (instance === null) return { kind: "missing" };
    const { status } = instance;
    if (status !== "Failed") return { kind: "wrong-state", status };
    await this.written();
    this.takeBack(instance, reason);
    return { kind: "accepted" };
  }

  async restart(
    instanceId: string,
    withNewId: boolean,
  ): Promise<StartOutcome | { kind: "missing" }> {
    const instance = this.find(instanceId);
    if (instance === null) return { kind: "missing" };
    return this.start(instance.name, withNewId ? null : instanceId, instance.inputJson, null);
  }

  async purge(instanceId: string): Promise<ChangeOutcome> {
    const instance = this.find(instanceId);
    if (instance === null) return { kind: "missing" };
    if (!isFinal(instance.status)) return { kind: "wrong-state", status: instance.status };
    await this.written();
    this.options.store.instances.delete(instanceId);
    return { kind: "accepted" };
  }

  async purgeBy(filter: InstanceFilter): Promise<number> {
    const found = this.list(filter).filter(({ status }) => isFinal(status));
    await this.written();
    for (const { instanceId } of found) this.options.store.instances.delete(instanceId);
    return found.length;
  }

  /** In the order of their ids, as the table keeps them. */
  list(filter: InstanceFilter): Instance[] {
    return [...this.options.store.instances.values()]
      .filter((one) => filter.from === null || one.createdAt >= filter.from)
      .filter((one) => filter.to === null || one.createdAt <= filter.to)
      .filter((one) => filter.statuses.length === 0 || filter.statuses.includes(one.status))
      .filter((one) => filter.prefix === null || one.instanceId.startsWith(filter.prefix))
      .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  }

  private problemWith(
    instanceId: string,
    fits: (status: RuntimeStatus) => boolean = () => true,
  ): ChangeOutcome | null {
    const instance = this.find(instanceId);
    if (instance === null) return { kind: "missing" };
    const { status } = instance;
    if (isFinal(status)) return { kind: "finished", status };
    return fits(status) ? null : { kind: "wrong-state", status };
  }

  private async written(): Promise<void> {
    const ms = this.options.latency.write();
    if (ms > 0) await this.options.agenda.wait(ms);
  }

  private place(
    instanceId: string,
    executionId: string,
    name: string,
    inputJson: string | null,
  ): void {
    const now = this.options.clock.now();
    this.options.store.instances.set(instanceId, {
      instanceId,
      name,
      executionId,
      status: "Pending",
      inputJson,
      outputText: null,
      customStatusJson: null,
      createdAt: now,
      lastUpdatedAt: now,
      history: [],
    });
  }

  /** Unmakes what failed, here and in failed children, and lets the instance run on. */
  private takeBack(instance: Instance, reason: string | null): void {
    const failed = new Set<number>();
    const children = new Set<number>();
    for (const event of instance.history) {
      if (event.kind === "task-failed") failed.add(event.taskId);
      if (event.kind === "child-failed") children.add(event.taskId);
    }
    const gone = (event: HistoryEvent): boolean =>
      event.kind === "task-failed" ||
      event.kind === "child-failed" ||
      event.kind === "execution-completed" ||
      (event.kind === "task-scheduled" && failed.has(event.eventId));
    const history = instance.history.map((event) => (gone(event) ? erased(event) : event));
    for (const event of instance.history) {
      if (event.kind !== "child-created" || !children.has(event.eventId)) continue;
      const child = this.find(event.childId);
      if (child?.status === "Failed") this.takeBack(child, reason);
    }
    const { store, engine, clock } = this.options;
    store.instances.set(instance.instanceId, {
      ...instance,
      history,
      status: "Running",
      outputText: null,
      lastUpdatedAt: clock.now(),
    });
    engine.post(instance.instanceId, null, { kind: "generic", data: reason });
  }
}

function erased({ at, eventId }: HistoryEvent): HistoryEvent {
  return { kind: "generic", data: null, at, eventId, played: true };
}
