import type { Clock } from "../ports/clock.ts";
import { withDeadline } from "../ports/deadline.ts";
import type { References } from "../ports/references.ts";
import type { HttpSend } from "./http-send.ts";
import { type Dial, dialTcp } from "./sql/dial.ts";

/** Reaches `host:port` by a connection, and a URL by any answer to it, even one that says no. */
export function createReferences(options: {
  readonly clock: Clock;
  readonly send: HttpSend;
  readonly dial?: Dial;
}): References {
  const { clock, send, dial = dialTcp } = options;
  return {
    reach: (target, timeoutMs) => {
      const reaching = /^https?:\/\//i.test(target)
        ? send({ method: "HEAD", url: target, headers: {}, timeoutMs, of: "status-only" })
        : withDeadline(clock, timeoutMs, (signal) => connected(dial, target, signal));
      return reaching.then(
        () => "ok",
        () => "failed",
      );
    },
  };
}

async function connected(dial: Dial, target: string, signal: AbortSignal): Promise<void> {
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(target) ?? [];
  const socket = await dial({ host, port: Number(port) }, signal);
  socket.destroy();
}
