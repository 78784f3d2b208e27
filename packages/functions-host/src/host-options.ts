import type { Clock } from "./clock.ts";
import type { FaultPlan } from "./faults.ts";
import type { RuntimeStatus } from "./history.ts";
import type { Keys } from "./keys.ts";
import type { Store } from "./store.ts";
import type { FunctionKind, WorkerDeath } from "./worker.ts";

/** How to start a host. */
export interface HostOptions {
  /** Several hosts live in one process; the name is part of the address of each. */
  name: string;
  app: App;
  /** The parsed host.json. */
  hostJson: unknown;
  /** For `%NAME%` in schedules. */
  settings?: Record<string, string>;
  clock: Clock;
  seed: number;
  /** The one of an earlier host, to model a restart. */
  store?: Store;
  keys?: Keys;
  /** "observed": delays, early and late timers, races as on the real host. The default. */
  latency?: "observed" | "none";
  /** Repeat an orchestrator's trigger in its metadata, as the real host does, at some cost. */
  fullMetadata?: boolean;
  /**
   * Report what works here and is fragile on the real host. `true`: the first finding makes the clock
   * throw, so that a test fails; a function is told of each.
   */
  lint?: boolean | ((finding: string) => void);
  faults?: FaultPlan;
  baseUrl?: string;
  log?: (line: HostLine) => void;
  /** Code of a dead worker runs on in this process: make what it may touch refuse. */
  onWorkerDeath?: (because: WorkerDeath) => void;
  /** The host gave up by itself: too many crashes, or an app that does not load again. */
  onFailure?: (because: string) => void;
}

/** A folder is loaded in a process of its own, so it needs a clock that follows the wall. */
export type App =
  | { kind: "registered"; register: () => void | Promise<void> }
  | { kind: "directory"; path: string };

export interface HostLine {
  at: number;
  host: string;
  level: string;
  category: string;
  functionName: string | null;
  message: string;
}

export interface InstanceView {
  instanceId: string;
  name: string;
  status: RuntimeStatus;
  input: unknown;
  output: unknown;
  customStatus: unknown;
  historyLength: number;
}

export interface FetchRequest {
  method: string;
  /** Absolute, or a path on this host. */
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface FetchResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface HostedFunction {
  readonly name: string;
  readonly kind: FunctionKind;
  /** The route of an HTTP function, the schedule of a timer function. */
  readonly route: string | null;
  readonly schedule: string | null;
}

/** A running host. */
export interface Host {
  readonly name: string;
  readonly baseUrl: string;
  readonly keys: Keys;
  readonly store: Store;
  readonly functions: readonly HostedFunction[];
  /** False after `kill`, `stop`, or a third crash of the worker within half an hour. */
  readonly alive: boolean;
  fetch(request: FetchRequest): Promise<FetchResponse>;
  /** Opens a socket on the loopback address; port 0 takes any. */
  listen(port: number): Promise<{ port: number; close(): Promise<void> }>;
  instances(): readonly InstanceView[];
  /** Ends the worker with all that runs in it; another takes its place after half a second. */
  crashWorker(exitCode?: number): void;
  /** Ends the host at once. Start another on the same store to go on. */
  kill(): void;
  /** Ends the host in good order, within ten seconds of its clock: activities under way may end, appTerminate hooks run. */
  stop(): Promise<void>;
  /** Nothing in flight, and nothing due now. */
  idle(): boolean;
  nextDueAt(): number | null;
  /** What lint mode found, each once. */
  lint(): readonly string[];
  /** A digest of everything this host did, for comparing runs. */
  traceHash(): string;
}
