// A host that is asked to start and end motors, and says of them what a test wants.

import type { DurableClient } from "durable-functions";

export interface MotorHost {
  readonly client: DurableClient;
  /** What was asked of it, in order: "start ID", "end ID". */
  readonly asked: string[];
  /** Which orchestrations it was asked to start, and of which motors it was asked how they are. */
  readonly started: string[];
  readonly looked: string[];
  /** What it says of every motor; null: it knows of none. */
  status: string | null;
  /** It answers nothing but errors. */
  broken: boolean;
}

export function createMotorHost(): MotorHost {
  const [asked, started, looked]: [string[], string[], string[]] = [[], [], []];
  const answer = <T>(value: T): Promise<T> =>
    host.broken ? Promise.reject(new Error("the host gives no answer")) : Promise.resolve(value);
  const client: Pick<DurableClient, "startNew" | "terminate" | "getStatus"> = {
    startNew: async (name, options) => {
      started.push(name);
      asked.push(`start ${options?.instanceId}`);
      return String(options?.instanceId);
    },
    terminate: (id) => {
      asked.push(`end ${id}`);
      return answer(undefined);
    },
    getStatus: (id) => {
      looked.push(id);
      return answer((host.status === null ? null : { runtimeStatus: host.status }) as never);
    },
  };
  const host: MotorHost = {
    client: client as DurableClient,
    asked,
    started,
    looked,
    status: "Running",
    broken: false,
  };
  return host;
}
