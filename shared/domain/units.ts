import * as z from "zod";

/** Epoch milliseconds. Instants survive JSON and are compared only on the clock that made them. */
export const Instant = z.number().int();

/** A length of time in whole milliseconds. */
export const DurationMs = z.number().int().nonnegative();

/** As JSON and as headers write instants: with a zone, since ours says nothing of theirs. */
const INSTANT =
  /^(?:\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d)|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT)$/;

/** The instant that a text of the outside names; null where it names none. No instant of the outside comes in otherwise. */
export function instantIn(text: string | null | undefined): number | null {
  const at = typeof text === "string" && INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

/** The whole number that a text of the outside is, in digits alone; null where it is anything else. */
export function wholeIn(text: string | null | undefined): number | null {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
