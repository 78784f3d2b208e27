import * as df from "durable-functions";
import { VirtualClock } from "../src/clock.ts";
import { startHost } from "../src/host.ts";
import type { Host, HostOptions, InstanceView } from "../src/host-options.ts";

export const START_AT = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

export type Context = df.OrchestrationContext;
/** What a test's orchestration is: a generator that yields tasks. */
export type Orchestration = (context: Context) => Generator<df.Task, unknown, unknown>;

/** Registers an orchestration; the library's own type wants `any` for what a yield gives back. */
export function orchestration(name: string, body: Orchestration): void {
  df.app.orchestration(name, body as df.OrchestrationHandler);
}

export function fromNow(context: Context, ms: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + ms);
}

export interface Bench {
  clock: VirtualClock;
  host: Host;
  /** Starts an instance the way a caller outside does. */
  start(name: string, instanceId: string, input?: unknown): Promise<number>;
  post(path: string, body?: string, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  raise(instanceId: string, event: string, data: unknown): Promise<number>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the instance has ended, or a day. */
  settle(instanceId: string): Promise<InstanceView>;
  instance(instanceId: string): InstanceView;
  historyOf(instanceId: string): Promise<readonly Record<string, unknown>[]>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export const DURABLE = "/runtime/webhooks/durabletask";
const JSON_BODY = { "content-type": "application/json" };

/** Starts a host on virtual time with the functions that `register` registers. */
export async function openBench(
  register: () => void,
  options: Partial<HostOptions> = {},
): Promise<Bench> {
  const clock = options.clock instanceof VirtualClock ? options.clock : new VirtualClock(START_AT);
  const host = await startHost({
    name: "bench",
    app: { kind: "registered", register },
    hostJson: {},
    seed: 1,
    keys: { master: "master-key", host: "host-key", system: "system-key" },
    ...options,
    clock,
  });
  return benchOf(clock, host);
}

export function benchOf(clock: VirtualClock, host: Host): Bench {
  const call = async (
    method: string,
    url: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    let done = false;
    const answer = host
      .fetch({ method, url, headers, ...(body === undefined ? {} : { body }) })
      .finally(() => {
        done = true;
      });
    await clock.runUntil(() => done, { limitAt: clock.now() + DAY });
    const { status, headers: given, body: bytes } = await answer;
    return { status, headers: given, text: Buffer.from(bytes).toString("utf8") };
  };
  const durable = (method: string, path: string, body?: string): Promise<Answer> =>
    call(method, `${DURABLE}/${path}`, body, { ...JSON_BODY, "x-functions-key": "system-key" });
  const instance = (instanceId: string): InstanceView => {
    const found = host.instances().find((one) => one.instanceId === instanceId);
    if (found === undefined) throw new Error(`Cannot look: no such instance: ${instanceId}`);
    return found;
  };
  return {
    clock,
    host,
    start: async (name, id, input = {}) =>
      (await durable("POST", `orchestrators/${name}/${id}`, JSON.stringify(input))).status,
    post: (path, body, headers) => call("POST", path, body, headers),
    get: (path, headers) => call("GET", path, undefined, headers),
    raise: async (id, event, data) =>
      (await durable("POST", `instances/${id}/raiseEvent/${event}`, JSON.stringify(data))).status,
    pass: (ms) => clock.runUntil(clock.now() + ms),
    settle: async (id) => {
      const ended = (): boolean =>
        ["Completed", "Failed", "Terminated"].includes(instance(id).status);
      await clock.runUntil(ended, { limitAt: clock.now() + DAY });
      return instance(id);
    },
    instance,
    historyOf: async (id) => {
      const { text } = await durable(
        "GET",
        `instances/${id}?showHistory=true&showHistoryOutput=true`,
      );
      const { historyEvents } = JSON.parse(text) as { historyEvents: Record<string, unknown>[] };
      return historyEvents;
    },
  };
}
