// A worker in a process of its own: the app may exit, hang or be killed without harm to the host.

import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import type {
  InvocationOutcome,
  InvocationRequest,
  RegisteredFunction,
  Worker,
  WorkerLog,
} from "./worker.ts";

export type ToChild =
  | { kind: "load"; path: string }
  | { kind: "invoke"; request: InvocationRequest }
  | { kind: "terminate" }
  | { kind: "exit" };

export type FromChild =
  | { kind: "loaded"; functions: readonly RegisteredFunction[] }
  | { kind: "not-loaded"; message: string }
  | { kind: "outcome"; invocationId: string; outcome: InvocationOutcome }
  | { kind: "terminated" }
  | { kind: "log"; line: WorkerLog };

export interface WorkerProcessOptions {
  appFolder: string;
  environment: Record<string, string>;
  onLog(line: WorkerLog): void;
  /** The process is gone and nobody asked it to. */
  onExit(exit: string): void;
}

const require = createRequire(import.meta.url);

/** How long a process that was asked to go may take before it is killed. */
const EXIT_MS = 10_000;

/** Starts a process and loads the app in it; rejects when the app cannot be loaded. */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<Worker> {
  const loader = require.resolve("tsx");
  const child = fork(fileURLToPath(new URL("./worker-child.ts", import.meta.url)), {
    cwd: options.appFolder,
    env: { ...process.env, ...options.environment },
    execArgv: ["--import", pathToFileURL(loader).href],
    serialization: "advanced",
  });
  const worker = new WorkerProcess(child, options);
  await worker.load();
  return worker;
}

class WorkerProcess implements Worker {
  functions: readonly RegisteredFunction[] = [];
  private readonly child: ChildProcess;
  private readonly options: WorkerProcessOptions;
  private readonly answers = new Map<string, (outcome: InvocationOutcome) => void>();
  private readonly settled: Promise<FromChild & { kind: "loaded" | "not-loaded" }>;
  private readonly gone: Promise<void>;
  private loaded = false;
  private ended = false;

  constructor(child: ChildProcess, options: WorkerProcessOptions) {
    this.child = child;
    this.options = options;
    this.settled = new Promise((resolve) => {
      child.on("message", (message: FromChild) => {
        if (message.kind === "loaded" || message.kind === "not-loaded") resolve(message);
        else this.receive(message);
      });
      child.once("exit", (code, signal) => {
        const exit = exitText(code, signal);
        resolve({ kind: "not-loaded", message: exit });
        if (this.loaded && !this.ended) options.onExit(exit);
      });
    });
    this.gone = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  get processId(): number {
    return this.child.pid ?? 0;
  }

  async load(): Promise<void> {
    this.send({ kind: "load", path: this.options.appFolder });
    const outcome = await this.settled;
    if (outcome.kind === "not-loaded") {
      this.end();
      throw new Error(`Cannot load the app: ${outcome.message}`);
    }
    this.functions = outcome.functions;
    this.loaded = true;
  }

  invoke(request: InvocationRequest): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      this.answers.set(request.invocationId, resolve);
      this.send({ kind: "invoke", request });
    });
  }

  end(): void {
    this.ended = true;
    if (!this.child.connected) return;
    // A busy process hears this late, as the real worker was seen to.
    this.send({ kind: "exit" });
    this.killLater();
  }

  async terminate(): Promise<void> {
    this.ended = true;
    this.send({ kind: "terminate" });
    this.killLater();
    await this.gone;
  }

  private killLater(): void {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), EXIT_MS);
    this.child.once("exit", () => clearTimeout(timer));
  }

  private send(message: ToChild): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private receive(message: Exclude<FromChild, { kind: "loaded" | "not-loaded" }>): void {
    switch (message.kind) {
      case "outcome": {
        const answer = this.answers.get(message.invocationId);
        this.answers.delete(message.invocationId);
        answer?.(message.outcome);
        return;
      }
      case "log":
        this.options.onLog(message.line);
        return;
      case "terminated":
        return;
      default:
        message satisfies never;
    }
  }
}

function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  // A killed process counts as the shell counts it.
  const number = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  return `node exited with code ${number} (0x${number.toString(16)})`;
}
