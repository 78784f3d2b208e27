import { describe, expect, test } from "vitest";
import { isOpen, opensNext } from "../../shared/policy/evidence/windows.ts";
import { isWithin } from "../../shared/policy/second-opinion/within-window.ts";
import { HOUR, MINUTE } from "../support/facts.ts";

const window = { schedule: "0 2 * * SAT", forMs: 4 * HOUR, timezone: "Europe/Berlin" };
/** Saturday 2 o'clock in Berlin, in winter. */
const OPENS = Date.UTC(2026, 0, 17, 1);

describe("a window", () => {
  test("opens on the minute and closes its length later", () => {
    expect(isOpen(window, OPENS - 1)).toBe(false);
    expect(isOpen(window, OPENS)).toBe(true);
    expect(isOpen(window, OPENS + 4 * HOUR - 1)).toBe(true);
    expect(isOpen(window, OPENS + 4 * HOUR)).toBe(false);
  });

  test("keeps to the wall clock of its timezone when summer comes", () =>
    expect(opensNext(window, Date.UTC(2026, 5, 3))).toBe(Date.UTC(2026, 5, 6, 0)));

  test("says when it opens next, also while it is open", () => {
    expect(opensNext(window, OPENS - 1)).toBe(OPENS);
    expect(opensNext(window, OPENS)).toBe(OPENS + 7 * 24 * HOUR);
  });

  test("a day that never comes never opens", () => {
    const never = { ...window, schedule: "0 2 30 2 *" };
    expect(opensNext(never, OPENS)).toBeNull();
    expect(isOpen(never, OPENS)).toBe(false);
  });

  test("is read alike by the rules and by the second opinion", () => {
    for (let at = OPENS - 26 * HOUR; at < OPENS + 14 * 24 * HOUR; at += 7 * MINUTE + 13) {
      expect({ at, open: isWithin(window, at) }).toEqual({ at, open: isOpen(window, at) });
    }
    const edges = [OPENS - 1, OPENS, OPENS + 1, OPENS + 4 * HOUR - 1, OPENS + 4 * HOUR];
    expect(edges.map((at) => isWithin(window, at))).toEqual([false, true, true, true, false]);
    expect(isWithin({ ...window, schedule: "0 2 30 2 *" }, OPENS)).toBe(false);
  });
});
