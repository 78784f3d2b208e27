import type { HttpHeaders } from "@azure/core-rest-pipeline";
import { instantIn, wholeIn } from "../domain/units.ts";

/** What Azure asks for when it says anything: 10 s in every recording. */
const DEFAULT_MS = 10_000;
/** How an operation gets on is looked at again by then, whatever the header says. */
const LONGEST_MS = 60_000;
/** Who is told to stay away for longer asks again all the same: an incident cannot wait. */
const LONGEST_BUSY_MS = 600_000;
const SHORTEST_MS = 1_000;

/** How long Azure asks us to wait for what it has begun, between one second and one minute. */
export function retryAfterMs(headers: HttpHeaders): number {
  return within(askedMs(headers) ?? DEFAULT_MS, LONGEST_MS);
}

/** How long Azure asks us to stay away, between one second and ten minutes. */
export function busyForMs(headers: HttpHeaders, message: string): number {
  // Throttling has been seen to name its wait in the text only.
  const told = inMs(/after '?(\d{1,9})'? seconds/.exec(message)?.[1], 1_000);
  return within(askedMs(headers) ?? told ?? DEFAULT_MS, LONGEST_BUSY_MS);
}

/** The wait that the headers ask for; null where they ask for none. */
export function askedMs(headers: HttpHeaders): number | null {
  return (
    inMs(headers.get("retry-after-ms"), 1) ??
    inMs(headers.get("x-ms-retry-after-ms"), 1) ??
    inMs(headers.get("retry-after"), 1_000) ??
    untilDate(headers)
  );
}

function within(ms: number, longestMs: number): number {
  return Math.min(longestMs, Math.max(SHORTEST_MS, ms));
}

/** A header that comes twice is joined by commas: the first counts. */
function inMs(text: string | undefined, unitMs: number): number | null {
  const amount = wholeIn(/^\s{0,9}(\d{1,9})\s{0,9}(?:,|$)/.exec(text ?? "")?.[1]);
  return amount === null ? null : amount * unitMs;
}

/** By Azure's own clock, as ours may be minutes off. */
function untilDate(headers: HttpHeaders): number | null {
  const until = instantIn(headers.get("retry-after"));
  const now = instantIn(headers.get("date"));
  return until !== null && now !== null && until > now ? until - now : null;
}
