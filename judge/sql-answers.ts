// What one login or write from one place meets, as the signals have it at one instant.

import { failedStep } from "../shared/azure/sql/failed-step.ts";
import type { SqlAnswer } from "../shared/domain/observation.ts";
import { draw } from "../simulator/azure/world/draw.ts";
import type { JudgedWorld } from "./judged-world.ts";
import { writeSeenBy } from "./last-commit.ts";
import type { SqlSignal } from "./signal-forms.ts";
import type { GroupPlace, Place, Source } from "./sources.ts";

/** A round trip in peace. */
const ROUND_TRIP_MS = 20;
const READ_ONLY: SqlAnswer = { kind: "error", number: 3906, code: "EREQUEST" };
export const NOT_ASKED: SqlAnswer = { kind: "not-asked" };

/** An answer, and how long it takes to come. */
export interface Timed {
  readonly answer: SqlAnswer;
  readonly takesMs: number;
}

/** A login to the instance in that region. */
export function loginTo(
  world: JudgedWorld,
  from: Place,
  instance: GroupPlace,
  timeoutMs: number,
): Timed {
  const source = sourceOf(world, from, instance);
  return source === null
    ? { answer: { kind: "ok", latencyMs: ROUND_TRIP_MS }, takesMs: 0 }
    : answerOf(world, source, world.read(source), timeoutMs);
}

/** A committed row in the canary table of the instance in that region. */
export function writeTo(
  world: JudgedWorld,
  from: Place,
  instance: GroupPlace,
  timeoutMs: number,
): Timed {
  const now = world.now();
  if (world.roles.primary(now) !== instance) return { answer: READ_ONLY, takesMs: 0 };
  // The signals speak of writes to the primary that they know, not of one that we have made.
  if (world.roles.told(now) !== instance) {
    return { answer: { kind: "ok", latencyMs: ROUND_TRIP_MS }, takesMs: 0 };
  }
  const signal = writeSeenBy(world.timeline, from, now);
  const timed = answerOf(world, `write-from-${from}`, signal, timeoutMs);
  if (timed.answer.kind !== "timeout") return timed;
  return { ...timed, answer: { kind: "timeout", phase: "query" } };
}

/** The signal that speaks of this instance as seen from there; none speaks of the secondary as A sees it. */
export function sourceOf(
  world: JudgedWorld,
  from: Place,
  instance: GroupPlace,
): Extract<Source, `tds_${string}`> | null {
  if (world.roles.told(world.now()) === instance) return `tds_primary@${from}`;
  return from === "A" ? null : `tds_secondary@${from}`;
}

function answerOf(world: JudgedWorld, name: string, signal: SqlSignal, timeoutMs: number): Timed {
  switch (signal.kind) {
    case "ok":
      return { answer: { kind: "ok", latencyMs: ROUND_TRIP_MS }, takesMs: 0 };
    case "partial":
      // The canary's database is the last to go.
      return signal.failed < signal.databases
        ? { answer: { kind: "ok", latencyMs: ROUND_TRIP_MS }, takesMs: 0 }
        : { answer: { kind: "error", number: signal.number, code: "EREQUEST" }, takesMs: 0 };
    case "slow":
      return signal.ms >= timeoutMs
        ? timedOut(timeoutMs)
        : { answer: { kind: "ok", latencyMs: signal.ms }, takesMs: signal.ms };
    case "flaky": {
      const drawn = draw(world.seed, `flaky/${name}`, Math.floor(world.now()));
      return drawn < signal.fraction
        ? timedOut(timeoutMs)
        : { answer: { kind: "ok", latencyMs: ROUND_TRIP_MS }, takesMs: 0 };
    }
    case "timeout":
      return timedOut(timeoutMs);
    case "error":
      return {
        answer: { kind: "error", number: signal.number, code: "EREQUEST" },
        takesMs: 0,
      };
    case "network":
      return { answer: failedStep({ code: signal.code }, "connect", null), takesMs: 0 };
    case "dns-fail":
      return { answer: { kind: "no-name", said: "ENOTFOUND" }, takesMs: 0 };
    case "silent":
      return { answer: NOT_ASKED, takesMs: 0 };
    default:
      return signal satisfies never;
  }
}

function timedOut(timeoutMs: number): Timed {
  return { answer: { kind: "timeout", phase: "login" }, takesMs: timeoutMs };
}
