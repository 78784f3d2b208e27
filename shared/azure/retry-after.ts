import type { HttpHeaders } from "@azure/core-rest-pipeline";

/** What Azure asks for when it says anything: 10 s in every recording. */
const DEFAULT_MS = 10_000;
/** An incident cannot wait for longer, whatever the header says. */
const LONGEST_MS = 60_000;
const SHORTEST_MS = 1_000;

/** How long Azure asks us to wait, between one second and one minute. */
export function retryAfterMs(headers: HttpHeaders, message = ""): number {
  const asked =
    inMs(headers.get("retry-after-ms"), 1) ??
    inMs(headers.get("x-ms-retry-after-ms"), 1) ??
    inMs(headers.get("retry-after"), 1_000) ??
    untilDate(headers) ??
    // Throttling has been seen to name its wait in the text only.
    inMs(/after '?(\d{1,9})'? seconds/.exec(message)?.[1], 1_000) ??
    DEFAULT_MS;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, asked));
}

function inMs(text: string | undefined, unitMs: number): number | null {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) * unitMs : null;
}

/** By Azure's own clock, as ours may be minutes off. */
function untilDate(headers: HttpHeaders): number | null {
  const waitMs =
    Date.parse(headers.get("retry-after") ?? "") - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(waitMs) ? waitMs : null;
}
