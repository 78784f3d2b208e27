import * as z from "zod";
import {
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  parseJsonOrText,
  toJson,
} from "./json.ts";
import type { LogEntry, Target } from "./target.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

const HistoryEvents = z.array(z.record(z.string(), z.unknown()));

const Status = z.looseObject({
  name: z.string(),
  runtimeStatus: z.string(),
  input: z.unknown(),
  output: z.unknown(),
  customStatus: z.unknown(),
  createdTime: z.string(),
  lastUpdatedTime: z.string(),
  historyEvents: HistoryEvents.optional(),
});

export type Status = z.infer<typeof Status>;

const ClientAnswer = z.looseObject({
  ok: z.boolean(),
  r: z.unknown().optional(),
  err: z.unknown().optional(),
});

export type ClientAnswer = z.infer<typeof ClientAnswer>;

const TERMINAL = new Set(["Completed", "Failed", "Terminated", "Canceled"]);

/** Everything a probe asks a host with. */
export class Bench {
  readonly target: Target;
  readonly run: string;

  constructor(target: Target, run: string) {
    this.target = target;
    this.run = run;
  }

  /** The instance id of a probe: its own id, in characters an instance id may have. */
  idFor(probe: string): string {
    return `${this.run}-${probe.replace(/[^\w.]+/g, "_")}`;
  }

  wire(request: WireRequest): Promise<WireAnswer> {
    return this.target.send(request);
  }

  get(path: string): Promise<WireAnswer> {
    return this.wire({ path });
  }

  /** Calls a method of the durable client, in the app. */
  async client(method: string, ...args: readonly unknown[]): Promise<ClientAnswer> {
    const answer = await this.wire({
      method: "POST",
      path: "/api/client",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        m: method,
        a: args.map((arg) => (arg === undefined ? { $undef: 1 } : arg)),
      }),
    });
    if (answer.status !== 200)
      throw new Error(`Cannot call the client: it answered ${answer.status}: ${method}`);
    return ClientAnswer.parse(parseJson(answer.text));
  }

  /** Asks the webhooks of the Durable extension. */
  webhook(method: string, path: string, body?: Json, query = ""): Promise<WireAnswer> {
    return this.wire({
      method,
      path: this.webhookPath(path, query),
      ...(body !== undefined && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
  }

  webhookPath(path: string, query = ""): string {
    const { system } = this.target.keys;
    return `/runtime/webhooks/durabletask/${path}?code=${encodeURIComponent(system)}${query}`;
  }

  /** Starts an instance through the client and insists that it was accepted. */
  async start(name: string, instanceId: string, input?: unknown): Promise<void> {
    const answer = await this.client("startNew", name, {
      instanceId,
      ...(input !== undefined && { input }),
    });
    if (!answer.ok) throw new Error(`Cannot start: ${JSON.stringify(answer.err)}: ${instanceId}`);
  }

  raise(instanceId: string, name: string, data?: unknown): Promise<ClientAnswer> {
    return this.client("raiseEvent", instanceId, name, data);
  }

  /** The status of an instance, or null when the host does not give one. */
  async status(instanceId: string, query = ""): Promise<Status | null> {
    const answer = await this.webhook(
      "GET",
      `instances/${encodeURIComponent(instanceId)}`,
      undefined,
      query,
    );
    const parsed = Status.safeParse(parseJsonOrText(answer.text));
    return parsed.success ? parsed.data : null;
  }

  /** Waits for the end of an instance; one that has not ended by then is stuck. */
  async settle(
    instanceId: string,
    withinMs: number,
    everyMs = this.target.pollMs,
  ): Promise<Settled> {
    const untilMs = this.target.nowMs() + withinMs;
    while (true) {
      const status = await this.status(instanceId, "&showHistory=true&showHistoryOutput=true");
      if (status !== null && TERMINAL.has(status.runtimeStatus)) return { stuck: false, status };
      if (this.target.nowMs() >= untilMs) return { stuck: true, status };
      await this.target.pause(everyMs);
    }
  }

  pause(ms: number): Promise<void> {
    return this.target.pause(ms);
  }

  /** What the app logs from now on, one line an entry: seconds, process, event, subject. */
  watchLog(subjectOf: (entry: LogEntry) => string = noSubject): () => Json {
    const [sinceMs, before] = [this.target.nowMs(), this.target.log().length];
    return () =>
      this.target
        .log()
        .slice(before)
        .map(({ atMs, ...entry }) => {
          const seconds = ((atMs - sinceMs) / 1000).toFixed(1);
          return `${seconds} ${entry.pid} ${entry.ev}${subjectOf({ atMs, ...entry })}`;
        });
  }
}

const noSubject = (): string => "";

/** The subject of a line in the logs of the crash and timeout probes: an id, a duration or a blank. */
export function subjectOf({ id, ms }: LogEntry): string {
  return ` ${id ?? ms ?? ""}`;
}

export interface Settled {
  stuck: boolean;
  status: Status | null;
}

/** The short form of a status: `s`, `out`, and the custom status where there is one. */
export function brief({ stuck, status }: Settled): JsonObject {
  const custom = status?.customStatus ?? undefined;
  const json = toJson({
    s: status?.runtimeStatus,
    ...(stuck && { stuck }),
    out: status?.output,
    ...(custom !== undefined && { cs: custom }),
  });
  return objectFrom(json);
}

export function briefOf(status: Status | null): JsonObject {
  return brief({ stuck: false, status });
}

/** The history of a status; the recorder kept the instants of its events in some sets only. */
export function historyOf(status: Status | null, instants: "kept" | "dropped" = "dropped"): Json {
  const events = status?.historyEvents ?? [];
  if (instants === "kept") return toJson(events);
  return toJson(events.map(({ Timestamp: _instant, ...rest }) => rest));
}

/** When an instance was created and last changed. */
export function timesOf(status: Status | null): JsonObject {
  return objectFrom(toJson({ created: status?.createdTime, updated: status?.lastUpdatedTime }));
}

function objectFrom(json: Json): JsonObject {
  return isObject(json) ? json : {};
}
