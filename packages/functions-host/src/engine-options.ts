import type { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import type { Latency } from "./latency.ts";
import type { Lint } from "./lint.ts";
import type { Random } from "./random.ts";
import type { Store } from "./store.ts";
import type { RegisteredFunction } from "./worker.ts";
import type { WorkerSlot } from "./worker-slot.ts";

/** What the engine and the dispatchers under it work with. */
export interface EngineOptions {
  store: Store;
  clock: Clock;
  agenda: Agenda;
  latency: Latency;
  random: Random;
  slot: WorkerSlot;
  functions: FunctionTable;
  lint: Lint;
  partitionCount: number;
  activitiesMax: number;
  /** For how long what a dead host had taken off a queue is seen by nobody. */
  messageHiddenMs: number;
  activityHiddenMs: number;
  /** Of the turns that meet a missing worker, how many end their instance. */
  gapFailureRate: number;
  /** Repeat the trigger in its metadata, as the platform does; only apps that look there need it. */
  fullMetadata: boolean;
  /** The durable client's data, for the activities that ask for it. */
  durableClient(): string;
  log(level: string, message: string): void;
  trace(entry: string): void;
}

/** The functions of the app by name; names are compared without case. */
export interface FunctionTable {
  find(name: string): RegisteredFunction | null;
  all(): readonly RegisteredFunction[];
}
