// A worker of vitest that is kept from one mutant to the next. Vitest ends its workers after each run, and
// to load everything anew takes far longer than most tests. Here the files of tests alone are loaded anew:
// what runs when a file of ours is loaded is not mutated (`ignoreStatic`).
//
// K1. What a mutant may have left going ends with its worker: one is kept only after a run that has ended,
//     and that was never silent for as long as a test that hangs.

import {
  type PoolOptions,
  type PoolWorker,
  ThreadsPoolWorker,
  type WorkerRequest,
} from "vitest/node";

/** Tests that have not ended by then fail; without one that hangs, a worker tells of each as it ends. */
export const HANGS_MS = 30_000;

type Listen = Parameters<PoolWorker["on"]>;

let kept: ThreadsPoolWorker | null = null;

/** What vitest takes for a new worker each time. */
export function takeWorker(options: PoolOptions): PoolWorker {
  const isNew = kept === null;
  const thread = kept ?? new ThreadsPoolWorker(options);
  kept = null;
  const listeners: Listen[] = [];
  let config: unknown = null;
  let heardAt = performance.now();
  let hung = false;
  let hasEnded = true;
  const answer = (type: "started" | "stopped"): void => {
    const message = { __vitest_worker_response__: true, type };
    for (const [event, listener] of listeners) if (event === "message") listener(message);
  };
  const hear = (message: { readonly type?: string }): void => {
    const now = performance.now();
    if (now - heardAt > HANGS_MS * 0.9) hung = true;
    heardAt = now;
    if (message.type === "testfileFinished") hasEnded = true;
  };
  const send = (message: WorkerRequest): void => {
    if (message.type === "start") ({ config } = message.context);
    if (message.type === "stop") queueMicrotask(() => answer("stopped"));
    else if (message.type === "start" && !isNew) queueMicrotask(() => answer("started"));
    else if (message.type === "run") {
      [heardAt, hasEnded] = [performance.now(), false];
      // A worker knows its configuration from its start; the tests that are wanted stand in it.
      thread.send({ ...message, context: Object.assign({ config }, message.context) });
    } else thread.send(message);
  };
  return {
    name: "kept",
    send,
    on: (...listen) => {
      listeners.push(listen);
      thread.on(...listen);
    },
    off: (event, listener) => thread.off(event, listener),
    deserialize: (data) => thread.deserialize(data),
    start: async () => {
      if (isNew) await thread.start();
      thread.on("message", hear);
    },
    stop: async () => {
      for (const [event, listener] of listeners) thread.off(event, listener);
      thread.off("message", hear);
      if (hasEnded && !hung) kept = thread;
      else await thread.stop();
    },
  };
}
