import { wholeIn } from "../domain/units.ts";
import type { Clock } from "../ports/clock.ts";
import { withDeadline } from "../ports/deadline.ts";
import type { Reached, References } from "../ports/references.ts";
import type { HttpSend } from "./http-send.ts";
import { type Dial, dialTcp } from "./sql/dial.ts";
import { cutBy, isTlsCode } from "./sql/network-code.ts";

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
      return reaching.then(() => "ok", nameFailure);
    },
  };
}

/** What says that nobody answered, beside the codes of the network in the table of looks. */
const SILENT: ReadonlySet<string> = new Set([
  "AbortError",
  "DeadlineMissed",
  "EAI_NODATA",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function nameFailure(error: unknown): Reached {
  return reachedBy(codeOf(error));
}

/** How far a request came that ended in this code. A parser's code is of bytes that somebody sent. */
export function reachedBy(code: string): Reached {
  if (isTlsCode(code) || code.startsWith("HPE_")) return "spoke";
  return SILENT.has(code) || cutBy(code).code !== "other" ? "failed" : "unknown";
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

async function connected(dial: Dial, target: string, signal: AbortSignal): Promise<void> {
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(target) ?? [];
  const socket = await dial({ host, port: wholeIn(port) ?? 0 }, signal);
  socket.destroy();
}
