// What is known of the work on a primary: from what was read of it, one reading after the other.

import { describe, expect, test } from "vitest";
import {
  type ActivityEntry,
  type Facts,
  NO_WORK,
  type PrimaryWork,
} from "../../shared/domain/facts.ts";
import { decide } from "../../shared/policy/decide.ts";
import {
  findWork,
  mayChange,
  noteWork,
  type PrimaryReading,
  spanOfChange,
} from "../../shared/policy/evidence/primary-work.ts";
import { checkDecision } from "../../shared/policy/second-opinion/check-decision.ts";
import { facts, HOUR, logged, MINUTE, NOW, policy } from "../support/facts.ts";

const unread = { state: "unknown", operation: { kind: "unknown" } } as const;
const ready = { state: "ready", operation: { kind: "none" } } as const;
const scales = (startedAt: number | null, said = "UpsertManagedServer"): PrimaryReading => ({
  state: "not-ready",
  operation: { kind: "running", what: "scale", said, startedAt },
});

/** One reading every ten minutes, the last one now. */
function after(...readings: PrimaryReading[]): PrimaryWork {
  return readings.reduce(
    (known, read, index) =>
      noteWork(known, read, NOW - 10 * MINUTE * (readings.length - 1 - index)),
    NO_WORK,
  );
}
const BEFORE = NOW - 4 * HOUR;
const at = (beganAt: number) => ({ what: "scale" as const, said: "UpsertManagedServer", beganAt });

test("an operation began when Azure says so, else when it was first seen", () => {
  expect(after(scales(BEFORE), scales(BEFORE)).operation).toEqual(at(BEFORE));
  expect(after(scales(null), scales(null)).operation).toEqual(at(NOW - 10 * MINUTE));
  expect(after(scales(null, "other"), scales(null)).operation).toEqual(at(NOW));
});

test("silence ends no operation, and neither does a list that nobody could read", () => {
  for (const read of [unread, { ...unread, state: "ready" }, { ...ready, state: "not-ready" }]) {
    expect(after(scales(BEFORE), read as PrimaryReading).operation).toEqual(at(BEFORE));
  }
});

test("an operation ends when the primary is read Ready and lists none", () => {
  expect(after(scales(BEFORE), ready)).toMatchObject({ operation: null, readyAt: NOW });
  expect(after(ready, scales(BEFORE), unread).readyAt).toBe(NOW - 20 * MINUTE);
});

test("how long it was at work is remembered: what was read before, and the last reading of it", () => {
  const updating = { ...ready, state: "not-ready" } as const;
  expect(after(ready, scales(BEFORE), unread, updating, ready)).toEqual({
    operation: null,
    readyAt: NOW,
    busy: { afterReadyAt: NOW - 40 * MINUTE, until: NOW - 10 * MINUTE },
  });
  expect(after(updating, ready, updating).busy).toEqual({
    afterReadyAt: NOW - 10 * MINUTE,
    until: NOW,
  });
});

test("where none was seen to run, Ready alone says that what the log tells of has ended", () => {
  expect(after({ ...unread, state: "ready" })).toEqual({ operation: null, readyAt: NOW });
});

test("a failover that the instance lists is no work on it", () => {
  const operation = { kind: "running", what: "failover", said: "Failover", startedAt: 1 } as const;
  expect(after(ready, { state: "not-ready", operation })).toEqual({
    operation: null,
    readyAt: NOW - 10 * MINUTE,
  });
});

test("what changes no instance is no work on it, and hides none that does", () => {
  const other = { kind: "running", what: "other", said: "Backup", startedAt: BEFORE } as const;
  const reading = { state: "ready", operation: other } as const;
  expect(after(ready, reading)).toEqual({ operation: null, readyAt: NOW - 10 * MINUTE });
  expect(after(scales(BEFORE), reading).operation).toEqual(at(BEFORE));
  const kept = { operation: { ...other, beganAt: BEFORE }, readyAt: null };
  expect(findWork(facts({ primaryWork: kept }))).toBeNull();
});

/** What the second opinion, which reads the same for itself, says of a failover. */
function checks(given: Facts): string {
  const checked = checkDecision(decide(facts(), policy()).decision, given, policy());
  return checked.kind === "sound" ? "sound" : checked.because;
}

describe("what the instance has listed, and the log says that it has ended", () => {
  const listed = { operation: { ...at(BEFORE), what: "update" } as const, readyAt: null };
  const given = (change: Partial<ActivityEntry>, primaryWork: PrimaryWork = listed) =>
    facts({ primaryWork, activity: [logged("scale", { side: "home", ...change })] });
  const end = (ms: number, how: "well" | "badly" = "well") => ({ ended: { at: BEFORE + ms, how } });

  test.each([
    ["begun before it and ended after it", { startedAt: BEFORE, ...end(0) }],
    ["the same, in failure", { startedAt: BEFORE - MINUTE, ...end(HOUR, "badly") }],
    ["begun longer ago than the log is read, and ended well", end(HOUR)],
    ["one of the very kind that is listed", { what: "update", startedAt: BEFORE, ...end(0) }],
  ] as const)("has ended: %s", (_, change) => {
    expect(findWork(given(change))).toBeNull();
    expect(checks(given(change))).toBe("sound");
  });

  test.each<[string, Partial<ActivityEntry>]>([
    ["another that was refused while it ran", { startedAt: BEFORE + 1, ...end(2, "badly") }],
    ["one that failed, begun nobody knows when", end(HOUR, "badly")],
    ["one that had ended before", { startedAt: BEFORE - HOUR, ...end(-1) }],
    ["one on the secondary", { side: "partner", startedAt: BEFORE, ...end(HOUR) }],
    ["one of which the log tells no side", { side: null, startedAt: BEFORE, ...end(HOUR) }],
    ["a change of its key", { what: "key", startedAt: BEFORE, ...end(HOUR) }],
    ["one of ours", { ours: true, startedAt: BEFORE, ...end(HOUR) }],
  ])("has not ended by %s", (_, change) => {
    const work = { said: "UpsertManagedServer", beganAt: BEFORE };
    expect(findWork(given(change))).toMatchObject(work);
    expect(checks(given(change))).toBe("operation-on-primary");
  });

  test("a change of the instance that is listed as such ends by no update", () => {
    const scaling = { ...listed, operation: at(BEFORE) as never };
    const ended = (what: "scale" | "update") => given({ what, ...end(HOUR) }, scaling);
    expect([findWork(ended("scale")), checks(ended("scale"))]).toEqual([null, "sound"]);
    expect(findWork(ended("update"))).toMatchObject({ beganAt: BEFORE });
    expect(checks(ended("update"))).toBe("operation-on-primary");
  });

  test("an entry without an end ends nothing, though it began before the primary was last Ready", () => {
    const sinceReady = given({ startedAt: BEFORE - 1 }, { ...listed, readyAt: BEFORE });
    expect(findWork(sinceReady)).toMatchObject({ beganAt: BEFORE });
    expect(checks(sinceReady)).toBe("operation-on-primary");
  });

  test("where it has ended, another that has not ended is still work", () => {
    const over = given({ startedAt: BEFORE, ...end(0) });
    const runs = logged("key", { said: "key-write", startedAt: BEFORE });
    const both = { ...over, activity: [...over.activity, runs] };
    expect(findWork(both)).toMatchObject({ said: "key-write" });
    expect(checks(both)).toBe("operation-on-primary");
  });
});

test("who began it is known where the log tells of it as well", () => {
  const primaryWork = { operation: at(BEFORE) as never, readyAt: null };
  expect(findWork(facts({ primaryWork }))).toMatchObject({ beganAt: BEFORE, by: "unknown" });
  const activity = [logged("scale", { startedAt: BEFORE - 1, by: "dba@corp" })];
  expect(findWork(facts({ primaryWork, activity }))).toMatchObject({ by: "dba@corp" });
});

describe("a word that it is well, of an earlier instant,", () => {
  const known: PrimaryWork = { operation: null, readyAt: NOW };
  const works: PrimaryWork = {
    operation: at(BEFORE),
    readyAt: null,
    busy: { afterReadyAt: null, until: NOW },
  };

  test("takes back nothing that was read since", () => {
    expect(noteWork(works, ready, NOW - 1)).toBe(works);
    expect(noteWork(known, ready, NOW - 1)).toBe(known);
    expect(noteWork({ ...works, readyAt: NOW }, ready, NOW - 2 * MINUTE).operation).not.toBeNull();
  });

  test("counts at the very instant, where nothing is known, and once a clock was set back", () => {
    expect(noteWork(works, ready, NOW)).toMatchObject({ operation: null, readyAt: NOW });
    expect(noteWork(NO_WORK, ready, BEFORE).readyAt).toBe(BEFORE);
    expect(noteWork(works, ready, NOW - 2 * MINUTE - 1).operation).toBeNull();
  });

  test("is not waited for where it is at work, however late that is told", () => {
    expect(noteWork(known, scales(BEFORE), NOW - MINUTE).operation).toEqual(at(BEFORE));
  });
});

test("work that goes on where it was never read Ready keeps to have begun before any reading", () => {
  const { busy } = after({ ...ready, state: "not-ready" }, { ...ready, state: "not-ready" });
  expect(busy).toEqual({ afterReadyAt: null, until: NOW });
});

test("work that ended when it was read Ready, at the very instant, is another's than what comes next", () => {
  const busy = { afterReadyAt: null, until: NOW - MINUTE };
  const known = { operation: null, readyAt: NOW - MINUTE, busy };
  expect(noteWork(known, scales(BEFORE), NOW).busy).toEqual({
    afterReadyAt: NOW - MINUTE,
    until: NOW,
  });
});

test("a change without an end lasts as long as the primary was at work since, and no longer than it where nobody saw it", () => {
  const change = logged("scale", { startedAt: BEFORE });
  const span = (busy: PrimaryWork["busy"]) =>
    spanOfChange(change, busy === undefined ? NO_WORK : { ...NO_WORK, busy });
  expect(span(undefined)).toEqual({ from: BEFORE, to: BEFORE });
  expect(span({ afterReadyAt: null, until: NOW })).toEqual({ from: BEFORE, to: NOW });
  expect(span({ afterReadyAt: BEFORE + 2 * MINUTE, until: NOW })?.to).toBe(NOW);
  expect(span({ afterReadyAt: BEFORE + 2 * MINUTE + 1, until: NOW })?.to).toBe(BEFORE);
  expect(span({ afterReadyAt: null, until: BEFORE - MINUTE })?.to).toBe(BEFORE);
});

test.each(["network", "key", "scale", "update"] as const)(
  "somebody's %s of the primary may take it down",
  (what) => expect(mayChange({ ours: false, side: "home", what }, "home")).toBe(true),
);

test.each(["failover", "other"] as const)("somebody's %s changes no instance", (what) => {
  expect(mayChange({ ours: false, side: "home", what }, "home")).toBe(false);
});
