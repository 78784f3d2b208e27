import * as z from "zod";
import { formatDuration, readDuration } from "../text/duration.ts";
import { type Reading, refused } from "../text/reading.ts";

/** What editors, the reference and errors say of a key. */
export interface About {
  readonly about: string;
  readonly example: string;
  readonly default?: string;
}

/** A text that is read by its own function, which also says what to write instead. */
export function textRead<T>(about: About, read: (text: string) => Reading<T>) {
  return textWith(about, {}).transform((text, context): T => applied(read(text), context));
}

/** An ISO 8601 duration in milliseconds, within its limits. */
export function duration(about: About, limits: { atLeastMs?: number; atMostMs?: number } = {}) {
  return textWith(about, { format: "duration" }).transform((text, context): number =>
    applied(within(readDuration(text), limits), context),
  );
}

/** One of a few words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W, about: About) {
  return z.enum(words).meta(described(about));
}

function textWith(about: About, more: Record<string, unknown>) {
  // Described before it is transformed: the schema for editors speaks of the text.
  return z.string().meta({ ...described(about), ...more });
}

function described({ about, example, ...rest }: About): Record<string, unknown> {
  return { description: about, examples: [example], ...rest };
}

function applied<T>(reading: Reading<T>, context: z.RefinementCtx): T {
  if (reading.kind === "ok") return reading.value;
  const { because, what, write } = reading;
  context.addIssue({ code: "custom", message: what, params: { because, write } });
  return z.NEVER;
}

function within(
  reading: Reading<number>,
  { atLeastMs = 0, atMostMs = Number.POSITIVE_INFINITY }: { atLeastMs?: number; atMostMs?: number },
): Reading<number> {
  if (reading.kind === "refused") return reading;
  if (reading.value < atLeastMs) {
    const least = formatDuration(atLeastMs);
    return refused("duration-too-short", `must be at least ${least}`, least);
  }
  if (reading.value > atMostMs) {
    const most = formatDuration(atMostMs);
    return refused("duration-too-long", `must be at most ${most}`, most);
  }
  return reading;
}
