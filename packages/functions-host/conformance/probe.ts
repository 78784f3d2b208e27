import type { Bench } from "./bench.ts";
import type { Json } from "./json.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** What one probe saw, in the form in which the recorded answers are kept. */
export interface Answer {
  observed: Json;
  details?: Json;
}

/** Puts one question to the host and answers under one or more probe ids. */
export type Probe = (bench: Bench) => Promise<Readonly<Record<string, Answer>>>;

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
