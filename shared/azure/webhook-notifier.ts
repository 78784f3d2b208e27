import type { OutgoingEvent } from "../domain/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { Notifier } from "../ports/notifier.ts";
import { CLOUD_EVENT_TYPE, cloudEvent } from "./cloud-event.ts";
import type { HttpSend } from "./http-send.ts";
import { presentable } from "./presentable.ts";

// N1. Every event is a line in the log before anything is sent, whatever comes of sending it.
// N2. `data` may hold a one-time token: it goes to the webhook and nowhere else.
// N3. All tries together are shorter than the 8 s that a caller waits.

const TRY_MS = 2_000;
const PAUSES_MS = [250, 500];

/** One line of the structured log. */
export type LogLine = Readonly<Record<string, string | number | boolean | null>> & {
  /** An error or a warning is for somebody; information is for who looks. */
  readonly level: "error" | "warning" | "information";
};

/**
 * Tells people by a line in the log and by a webhook. Where no webhook is configured the line is all
 * there is, and counts as sent: an alert rule on the log may be how people want to be told. Not so an
 * ask: without its token nobody can answer it, so it was not asked. Who reads it there acts by a call.
 */
export function createWebhookNotifier(options: {
  readonly site: string;
  readonly webhook: string | null;
  readonly send: HttpSend;
  readonly clock: Clock;
  readonly log: (line: LogLine) => void;
}): Notifier {
  const { site, webhook, send, clock, log } = options;
  return {
    send: async (event) => {
      log(lineOf(event, site));
      if (webhook === null) {
        if (event.type !== "ask") return "sent";
        log(notSent(event, site, "no-webhook"));
        return "logged";
      }
      const body = JSON.stringify(cloudEvent(event, site));
      let because = "";
      for (const pauseMs of [0, ...PAUSES_MS]) {
        if (pauseMs > 0) await clock.sleep(pauseMs);
        const answer = await post(send, webhook, body);
        if (answer.kind === "sent") return "sent";
        because = answer.because;
        if (answer.kind === "refused") break;
      }
      log(notSent(event, site, because));
      return "failed";
    },
  };
}

type Posting =
  | { readonly kind: "sent" }
  /** It would be again. */
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "try-again"; readonly because: string };

async function post(send: HttpSend, url: string, body: string): Promise<Posting> {
  const headers = { "content-type": CLOUD_EVENT_TYPE };
  const request = { method: "POST" as const, url, headers, body, timeoutMs: TRY_MS };
  const answer = await send({ ...request, of: "status-only" }).catch(() => null);
  if (answer === null) return { kind: "try-again", because: "no-answer" };
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: "sent" };
  const passing = status === 408 || status === 429 || status >= 500;
  return { kind: passing ? "try-again" : "refused", because: `http-${status}` };
}

function notSent({ id, type }: OutgoingEvent, site: string, because: string): LogLine {
  return { level: "error", what: "not-sent", site, eventId: id, type, because };
}

function lineOf(event: OutgoingEvent, site: string): LogLine {
  const { id, type, group, incidentId, urgent, text } = event;
  return {
    level: levelOf(event),
    what: "event",
    site,
    eventId: id,
    type,
    group,
    incidentId,
    urgent,
    text: presentable(text),
  };
}

/** What is urgent wakes somebody, what asks or pages is for somebody: neither is lost among what is only told. */
function levelOf({ type, urgent }: OutgoingEvent): LogLine["level"] {
  if (urgent) return "error";
  return type === "ask" || type === "page" ? "warning" : "information";
}
