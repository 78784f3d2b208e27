// A local Functions host with Durable Functions: one app, one worker, one task hub.

import { createHash } from "node:crypto";
import { Agenda } from "./agenda.ts";
import { assemble, type Parts } from "./assemble.ts";
import { serveRpc } from "./client-adapter.ts";
import { VirtualClock } from "./clock.ts";
import { jsonOrText } from "./durable-status.ts";
import { type Fault, faultsOf } from "./faults.ts";
import { checkNames } from "./function-names.ts";
import type {
  FetchRequest,
  FetchResponse,
  Host,
  HostedFunction,
  HostOptions,
  InstanceView,
} from "./host-options.ts";
import { type HostSettings, readHostJson } from "./host-settings.ts";
import { emptyAnswer, type HttpAnswer, type HttpRequest } from "./http-message.ts";
import type { Keys } from "./keys.ts";
import { type Latency, noLatency, observedLatency } from "./latency.ts";
import { type Lint, LintRules, noLint } from "./lint.ts";
import { loadWorker } from "./load-worker.ts";
import { type Random, seededRandom } from "./random.ts";
import { type SocketServer, serve } from "./socket-server.ts";
import { Store } from "./store.ts";
import { unawaited } from "./unawaited.ts";
import type { RegisteredFunction, WorkerDeath } from "./worker.ts";
import { WorkerSlot } from "./worker-slot.ts";

/** Starts a host and loads its app; rejects when the app cannot be loaded. */
export async function startHost(options: HostOptions): Promise<Host> {
  const host = new LocalHost(options);
  await host.start();
  return host;
}

/** What a stop waits for activities under way: fixed in the host, no setting changes it. */
const STOP_MS = 10_000;
/** How often it looks whether they have ended. */
const STOP_POLL_MS = 100;
/**
 * Of the stops that take their whole time, how many keep the lease of the timers: 2 of 2 were seen with a large
 * app, 0 of 17 with a small one.
 */
const LEASE_KEPT = 1 / 2;
/** A process takes about this long to load a small app; one in this process takes none. */
const RELOAD_MS = 500;
/** Where the durable extension listens for workers, if it can. */
const RPC_PORT = 17071;
const KILLED = 137;

class LocalHost implements Host {
  readonly name: string;
  readonly baseUrl: string;
  readonly keys: Keys;
  readonly store: Store;
  alive = false;
  functions: readonly HostedFunction[] = [];
  private readonly options: HostOptions;
  private readonly settings: HostSettings;
  private readonly random: Random;
  private readonly agenda: Agenda;
  private readonly latency: Latency;
  private readonly slot: WorkerSlot;
  private readonly rules: Lint;
  private readonly digest = createHash("sha256");
  private readonly servers: SocketServer[] = [];
  private readonly callers = new Set<() => void>();
  private parts: Parts | null = null;
  private stopping: Promise<void> | null = null;
  private hangUp = (): void => undefined;

  constructor(options: HostOptions) {
    this.options = options;
    this.name = options.name;
    this.baseUrl = options.baseUrl ?? `http://${options.name}.localhost`;
    this.settings = readHostJson(options.hostJson);
    this.store = options.store ?? new Store();
    this.random = seededRandom(options.seed).fork(options.name);
    this.keys = options.keys ?? drawKeys(this.random.fork("keys"));
    this.agenda = new Agenda(options.clock);
    this.rules = this.lintRules();
    this.latency =
      options.latency === "none"
        ? noLatency
        : observedLatency(this.random.fork("latency"), this.settings.pollMsMax);
    this.slot = new WorkerSlot({
      load: (onExit) =>
        loadWorker({
          app: options.app,
          settings: options.settings ?? {},
          hostName: new URL(this.baseUrl).host,
          onLog: (line) => this.log(line.level, line.category, line.message, line.functionName),
          onExit,
        }),
      gapMs: options.app.kind === "directory" ? 0 : RELOAD_MS,
      clock: options.clock,
      agenda: this.agenda,
      functionTimeoutMs: this.settings.functionTimeoutMs,
      onDeath: (because) => options.onWorkerDeath?.(because),
      onHostFailure: (because) => this.fail(because),
    });
  }

  async start(): Promise<void> {
    const rpcPort = this.options.app.kind === "directory" ? await this.openRpc() : null;
    const worker = await this.slot.start();
    const { accepted, refused, fatal } = checkNames(worker.functions);
    if (fatal !== null) throw new Error(`Cannot start the host: ${fatal}`);
    for (const problem of refused) this.log("error", "host", problem);
    for (const { name, kind, trigger } of accepted) {
      if (kind !== "entity" && kind !== "unsupported") continue;
      this.log("error", "host", `${name}: this host has no support for: ${trigger.type}`);
    }
    this.functions = accepted.map(hosted);
    this.parts = this.build(accepted, rpcPort);
    this.alive = true;
    this.parts.engine.resume();
    this.parts.timers.start(accepted);
    const { faults, clock } = this.options;
    for (const fault of faults === undefined ? [] : faultsOf(faults)) {
      // On a store that lived on, what is past has happened already.
      if (fault.at > clock.now()) this.agenda.at(fault.at, () => this.suffer(fault));
    }
  }

  async fetch(request: FetchRequest): Promise<FetchResponse> {
    if (!this.alive) throw new Error(`Cannot reach the host: connection refused: ${this.name}`);
    const { body } = request;
    const headers = Object.entries(request.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]);
    const answer = this.answer({
      method: request.method.toUpperCase(),
      url: new URL(request.url, this.baseUrl),
      headers: Object.fromEntries(headers),
      body: typeof body === "string" ? new TextEncoder().encode(body) : (body ?? null),
    });
    return this.unlessGone(
      answer.then((given) => ({ ...given, headers: Object.fromEntries(given.headers) })),
    );
  }

  async listen(port: number): Promise<{ port: number; close(): Promise<void> }> {
    const server = await serve(port, (request) => this.answer(request), this.sayCritical);
    this.servers.push(server);
    return server;
  }

  instances(): readonly InstanceView[] {
    return [...this.store.instances.values()].map((one) => ({
      instanceId: one.instanceId,
      name: one.name,
      status: one.status,
      input: jsonOrText(one.inputJson),
      output: jsonOrText(one.outputText),
      customStatus: jsonOrText(one.customStatusJson),
      historyLength: one.history.length,
    }));
  }

  crashWorker(exitCode = KILLED): void {
    this.slot.crash(`node exited with code ${exitCode} (0x${exitCode.toString(16)})`);
  }

  kill(): void {
    if (!this.alive) return;
    this.keepLease();
    this.end("host-kill");
  }

  async stop(): Promise<void> {
    if (!this.alive) return;
    this.stopping ??= this.stopInTime();
    await this.stopping;
  }

  /** Timers go on ticking meanwhile, and HTTP is answered. */
  private async stopInTime(): Promise<void> {
    const { clock } = this.options;
    const limitAt = clock.now() + STOP_MS;
    this.parts?.engine.stop();
    while (this.alive && this.parts?.engine.idle === false && clock.now() < limitAt) {
      await clock.sleep(STOP_POLL_MS);
    }
    const tookAll = clock.now() >= limitAt;
    await this.slot.current?.terminate();
    if (!this.alive) return;
    if (tookAll && this.random.next() < LEASE_KEPT) this.keepLease();
    this.end("host-stop");
  }

  /** It ends a while after its holder. */
  private keepLease(): void {
    this.store.timerLeaseUntil = this.options.clock.now() + this.settings.timerLeaseMs;
  }

  idle(): boolean {
    if (!this.alive || this.parts === null) return true;
    const { engine, timers } = this.parts;
    if (!engine.idle || timers.running > 0 || this.slot.busy || !this.slot.ready) return false;
    const next = this.agenda.nextAt();
    return next === null || next > this.options.clock.now();
  }

  nextDueAt(): number | null {
    return this.agenda.nextAt();
  }

  lint(): readonly string[] {
    return this.rules.found();
  }

  traceHash(): string {
    return this.digest.copy().digest("hex");
  }

  private lintRules(): Lint {
    const { lint = false } = this.options;
    if (lint === false) return noLint;
    if (lint !== true) return new LintRules(lint);
    return new LintRules((finding) => {
      this.agenda.after(0, () => {
        throw new Error(`Cannot rely on it: ${finding}`);
      });
    });
  }

  /** A caller of a host that dies is told so, and not left waiting. */
  private unlessGone<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const hangUp = (): void =>
        reject(new Error(`Cannot hear the host: it is gone: ${this.name}`));
      this.callers.add(hangUp);
      answer.then(resolve, reject).finally(() => this.callers.delete(hangUp));
    });
  }

  private async answer(request: HttpRequest): Promise<HttpAnswer> {
    return this.parts?.front.answer(request) ?? emptyAnswer(503);
  }

  private suffer(fault: Fault): void {
    switch (fault.kind) {
      case "worker-crash":
        this.crashWorker();
        return;
      case "host-kill":
        this.kill();
        return;
      case "host-stop":
        unawaited(this.stop(), this.sayCritical);
        return;
      case "stuck":
        this.slot.stickNext(fault.functionName);
        return;
      default:
        fault satisfies never;
    }
  }

  private readonly sayCritical = (because: string): void => this.log("critical", "host", because);

  private fail(because: string): void {
    this.log("critical", "host", because);
    this.kill();
    this.options.onFailure?.(because);
  }

  private end(because: WorkerDeath): void {
    this.alive = false;
    this.hangUp();
    for (const hangUp of this.callers) hangUp();
    for (const server of this.servers) unawaited(server.close(), this.sayCritical);
    this.slot.close(because);
    this.agenda.close();
  }

  /** A worker in another process calls the durable extension over a socket. */
  private async openRpc(): Promise<number> {
    if (this.options.clock instanceof VirtualClock) {
      throw new Error("Cannot host a folder on a virtual clock: its worker is another process");
    }
    const handle = async (request: HttpRequest): Promise<HttpAnswer> =>
      this.parts?.durable.answer(request, request.url.pathname.replace(/^\/durabletask/, "")) ??
      emptyAnswer(503);
    const say = this.sayCritical;
    const server = await serve(RPC_PORT, handle, say).catch(() => serve(0, handle, say));
    this.servers.push(server);
    return server.port;
  }

  private build(functions: readonly RegisteredFunction[], rpcPort: number | null): Parts {
    const rpcBaseUrl =
      rpcPort === null ? this.serveRpcHere() : `http://127.0.0.1:${rpcPort}/durabletask/`;
    const { name, baseUrl, settings, keys, store, agenda, latency, random, slot } = this;
    const { clock, settings: appSettings = {}, fullMetadata = false } = this.options;
    return assemble({
      ...{ name, baseUrl, settings, keys, store, agenda, latency, random, slot },
      ...{ clock, appSettings, fullMetadata, functions, rpcBaseUrl },
      lint: this.rules,
      log: (level, message) => this.log(level, "host", message),
      trace: (entry) => {
        this.digest.update(`${entry}\n`);
      },
    });
  }

  private serveRpcHere(): string {
    const { rpcBaseUrl, release } = serveRpc(
      async (request, path) => this.parts?.durable.answer(request, path) ?? emptyAnswer(503),
    );
    this.hangUp = release;
    return rpcBaseUrl;
  }

  private log(
    level: string,
    category: string,
    message: string,
    functionName: string | null = null,
  ): void {
    const { log, clock } = this.options;
    log?.({ at: clock.now(), host: this.name, level, category, functionName, message });
  }
}

function hosted({ name, kind, trigger }: RegisteredFunction): HostedFunction {
  const route = kind === "http" ? String(trigger.route ?? name) : null;
  const schedule = kind === "timer" ? String(trigger.schedule) : null;
  return { name, kind, route, schedule };
}

function drawKeys(random: Random): Keys {
  const key = (): string => random.uuid().replaceAll("-", "");
  return { master: key(), host: key(), system: key() };
}
