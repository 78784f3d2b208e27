import * as z from "zod";

/** Epoch milliseconds. Instants survive JSON and are compared only on the clock that made them. */
export const Instant = z.number().int();

/** A length of time in whole milliseconds. */
export const DurationMs = z.number().int().nonnegative();
