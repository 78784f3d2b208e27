import { connect } from "node:net";
import type { Clock } from "../ports/clock.ts";
import type { References } from "../ports/references.ts";
import type { HttpSend } from "./http-send.ts";
import { withDeadline } from "./with-deadline.ts";

/** Reaches `host:port` by a connection, and a URL by any answer to it, even one that says no. */
export function createReferences(options: {
  readonly clock: Clock;
  readonly send: HttpSend;
}): References {
  const { clock, send } = options;
  return {
    reach: (target, timeoutMs) => {
      const reaching = /^https?:\/\//i.test(target)
        ? send({ method: "HEAD", url: target, headers: {}, timeoutMs })
        : withDeadline(clock, timeoutMs, (signal) => connected(target, signal));
      return reaching.then(
        () => "ok",
        () => "failed",
      );
    },
  };
}

function connected(target: string, signal: AbortSignal): Promise<void> {
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(target) ?? [];
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.once("connect", () => end(resolve));
    socket.once("error", (error) => end(() => reject(error)));
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
  });
}
