import { describe, expect, test } from "vitest";
import type { TickReport } from "../../shared/domain/tick-report.ts";
import { type HealthEvidence, judgeHealth } from "../../shared/policy/conditions/judge-health.ts";
import { TICK } from "../support/conditions.ts";
import { NOW, SECOND } from "../support/facts.ts";

const ALLOWED = 4 * TICK;
const WELL = { group: "orders", lookedAt: NOW - 2 * SECOND, failedBecause: null, sight: null };

function judge(report: Partial<TickReport> = {}, change: Partial<HealthEvidence> = {}) {
  const full = { groups: [WELL], unreadable: [], ...report };
  const heartbeat = { kind: "read", at: NOW - SECOND, report: full } as const;
  return judgeHealth({ now: NOW, tickMs: TICK, groups: ["orders"], heartbeat, ...change });
}

const row = (kind: string) => ({
  group: "orders",
  kind,
  id: "one",
  store: "neu",
  because: "newer" as const,
});

describe("a site is well", () => {
  test("when it ticks, has looked at every group, and can read its ledger", () =>
    expect(judge()).toEqual({
      health: "ticking",
      detail: null,
      lastTickAgeMs: SECOND,
      allowedMs: ALLOWED,
      groups: [{ group: "orders", lastLookAgeMs: 2 * SECOND }],
    }));

  test("though a cache or an ask cannot be read: what is lost with it is told elsewhere", () =>
    expect(judge({ unreadable: [row("watch"), row("ask")] }).health).toBe("ticking"));

  test("whatever became of a group that is no longer configured", () => {
    const gone = { group: "gone", lookedAt: null, failedBecause: "RowUnreadable", sight: null };
    expect(judge({ groups: [WELL, gone] }).health).toBe("ticking");
  });

  test("on a clock that was set back", () => {
    const groups = [{ ...WELL, lookedAt: NOW + 5 * SECOND }];
    expect(judge({ groups }).groups).toEqual([{ group: "orders", lastLookAgeMs: 0 }]);
  });
});

describe("a site is not well", () => {
  test("when it has not ticked for four ticks, or never", () => {
    const report = { groups: [WELL], unreadable: [] };
    const tickedAgo = (ms: number) =>
      judge({}, { heartbeat: { kind: "read", at: NOW - ms, report } }).health;
    expect([tickedAgo(ALLOWED - 1), tickedAgo(ALLOWED)]).toEqual(["ticking", "not-ticking"]);
    expect(judge({}, { heartbeat: { kind: "never" } })).toMatchObject({
      health: "not-ticking",
      detail:
        "The last tick was never; 60 s are allowed: see whether the timer runs, restart the app",
      lastTickAgeMs: null,
      groups: [{ group: "orders", lastLookAgeMs: null }],
    });
  });

  test("and says how long ago the last tick was", () => {
    const report = { groups: [WELL], unreadable: [] };
    const heartbeat = { kind: "read", at: NOW - 75 * SECOND, report } as const;
    expect(judge({}, { heartbeat }).detail).toBe(
      "The last tick was 75 s ago; 60 s are allowed: see whether the timer runs, restart the app",
    );
  });

  test("when nobody can say whether it ticks", () =>
    expect(
      judge({}, { heartbeat: { kind: "unknown", because: "its store gave no answer" } }),
    ).toMatchObject({
      health: "health-unknown",
      detail:
        "Cannot read the last tick: its store gave no answer; see whether this site reaches its own storage",
    }));

  test.each(["incident", "claim", "pause"])("while an %s cannot be read", (kind) =>
    expect(judge({ unreadable: [row("watch"), row(kind), row("claim")] })).toMatchObject({
      health: "ledger-unreadable",
      detail: `Cannot read ${kind} of orders at neu (newer) and 1 more: nothing acts; deploy the newest release, or repair or delete the row`,
    }),
  );

  test("while a pause of every group cannot be read", () =>
    expect(judge({ unreadable: [{ ...row("pause"), group: null }] }).detail).toContain(
      "Cannot read pause of every group at neu (newer): nothing acts",
    ));

  test("when a group's last tick came to no end", () => {
    const groups = ["orders", "billing"].map((group) => ({
      ...WELL,
      group,
      failedBecause: "no-answer-in-time",
    }));
    expect(judge({ groups })).toMatchObject({
      health: "tick-failed",
      detail:
        "The last tick came to no end for orders (no-answer-in-time): see this site's log and its own storage",
    });
    expect(judge({ groups }, { groups: ["orders", "billing"] }).detail).toContain(
      "for orders (no-answer-in-time), billing (no-answer-in-time): see",
    );
  });

  test("when a group has had no look for four ticks, or none is known", () => {
    const lookedAgo = (ms: number) => judge({ groups: [{ ...WELL, lookedAt: NOW - ms }] }).health;
    expect([lookedAgo(ALLOWED - 1), lookedAgo(ALLOWED)]).toEqual(["ticking", "not-looking"]);
    expect(judge({ groups: [{ ...WELL, lookedAt: null }] }).health).toBe("not-looking");
    expect(judge({}, { groups: ["orders", "billing", "audit"] }).detail).toBe(
      "No look for 60 s at billing, audit: see this site's log, restart the app",
    );
  });
});
