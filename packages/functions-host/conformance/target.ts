import type { WireAnswer, WireRequest } from "./wire.ts";

/** The host that is being asked, whatever it runs on. */
export interface Target {
  readonly keys: { readonly master: string; readonly host: string; readonly system: string };
  /** Now on the host's own clock, in epoch ms. */
  nowMs(): number;
  /** Lets the host's clock move on. */
  pause(ms: number): Promise<void>;
  /** How often it is worth asking whether an instance has ended. */
  readonly pollMs: number;
  send(request: WireRequest): Promise<WireAnswer>;
  /** Kills the worker as a signal from outside would. */
  killWorker(): void;
  /** What the app wrote to its log since the start. */
  log(): readonly LogEntry[];
  stop(): Promise<void>;
}

/** One line of the log of an app; what else it holds is for the app and its probe. */
export interface LogEntry {
  atMs: number;
  pid: number;
  ev: string;
  [key: string]: unknown;
}
