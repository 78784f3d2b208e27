// What the rows of the ledger and the answers of the world mean to whoever decides.

import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import {
  advances,
  attemptOf,
  claimState,
  movedByOther,
  newestLag,
  operationOf,
  readSince,
  samplesFor,
  undoRefusedAt,
} from "../../shared/policy/evidence/read-facts.ts";
import { facts, NOW, ONSET, outage, running, SECOND, SETTLED, sample } from "../support/facts.ts";
import { claim, incident } from "../support/ledger-rows.ts";

const UNREAD = { kind: "unknown", because: "timeout" } as const;
const SENT = claim({ state: "sent", sentAt: NOW - 5 * SECOND, takenAt: NOW - 7 * SECOND });
const spent = (change: Partial<Claim> = {}) =>
  claim({ state: "spent", spentAt: NOW - SECOND, spentBecause: "refused", ...change });

describe("the samples by which a loss is bounded", () => {
  const kept = [sample({ lagSeconds: 1 })];
  const watch = { samples: [sample({ lagSeconds: 99 })] };

  test("stay as they were at the onset: what a dying link says of itself is worth nothing", () =>
    expect(samplesFor(incident({ outage: outage(), samples: kept }), watch)).toBe(kept));

  test("are the newest while no outage runs, or where none were kept", () => {
    expect(samplesFor(null, watch)).toBe(watch.samples);
    expect(samplesFor(incident({ samples: kept }), watch)).toBe(watch.samples);
    expect(samplesFor(incident({ outage: outage() }), watch)).toBe(watch.samples);
  });
});

describe("the roles", () => {
  const moved = { ...SETTLED, targetRole: "primary" as const };
  const at = (state: Facts["groupState"], of: Parameters<typeof movedByOther>[1]) =>
    movedByOther(state, of, "home", NOW);

  test("have moved without us where the other side is primary and no request of ours is out", () => {
    expect(at(moved, null)).toBe(NOW);
    expect(at(moved, claim())).toBe(NOW);
    expect(at(moved, spent())).toBe(NOW);
    expect(at(moved, "unknown")).toBe(NOW);
  });

  test("may have moved by us where one is, or has moved them", () => {
    expect(at(moved, SENT)).toBeNull();
    expect(at(moved, spent({ spentBecause: "moved" }))).toBeNull();
  });

  test("moved without us where ours was for the other way", () =>
    expect(at(moved, { ...SENT, target: "home" })).toBe(NOW));

  test("have not moved where the other side is secondary, or nobody can tell", () => {
    expect(at(SETTLED, null)).toBeNull();
    expect(at({ ...SETTLED, targetRole: "unknown" }, null)).toBeNull();
    expect(at(UNREAD, null)).toBeNull();
  });
});

describe("what runs", () => {
  const moving = { ...SETTLED, replication: replicationOf("FAILOVER_IN_PROGRESS") };
  const NONE = { kind: "none" } as const;
  const { replication } = moving;

  test("is ours where it is a failover and a request of ours is out, and another's where none is", () => {
    const failover = { ...running("failover", "unknown"), startedAt: NOW };
    expect(operationOf(failover, SETTLED, SENT)).toEqual({ ...failover, by: "us" });
    for (const of of [null, claim(), spent(), "unknown"] as const) {
      expect(operationOf(failover, SETTLED, of)).toEqual({ ...failover, by: "other" });
    }
  });

  test("is what was read where it is no failover, or nothing", () => {
    const scaling = running("scale", "unknown");
    expect(operationOf(scaling, SETTLED, SENT)).toBe(scaling);
    expect(operationOf(NONE, SETTLED, SENT)).toBe(NONE);
    expect(operationOf(UNREAD, UNREAD, SENT)).toBe(UNREAD);
  });

  test("is a failover where the group itself tells of one, whatever else runs", () => {
    expect(replication.kind).toBe("moving");
    const told = { kind: "running", what: "failover", said: "FAILOVER_IN_PROGRESS" } as const;
    const failover = { ...told, side: null, startedAt: null };
    expect(operationOf(NONE, moving, null)).toEqual({ ...failover, by: "other" });
    expect(operationOf(running("scale", "other"), moving, SENT)).toEqual({ ...failover, by: "us" });
    expect(operationOf(UNREAD, moving, null)).toEqual({ ...failover, by: "other" });
  });

  test("is the failover that was read itself, also while the group tells of one", () =>
    expect(operationOf(running("failover", "other"), moving, SENT)).toEqual(
      running("failover", "us"),
    ));
});

describe("commits of the secondary", () => {
  const row = (database: string, lastCommitMark: number | null, measuredAt = NOW) => ({
    ...{ database, measuredAt, lastCommitAgeMs: 0, lastCommitMark },
  });

  test("count from the first failed look on: those before are of a primary that still served", () => {
    const rows = [row("a", 1, ONSET - 1), row("b", 1, ONSET), row("c", 1, ONSET + 1)];
    expect(readSince(rows, ONSET)).toEqual(rows.slice(1));
    expect(readSince(rows, null)).toEqual([]);
  });

  test("still arrive where those of any database grow", () => {
    expect(advances([row("a", 1)], [row("a", 2)])).toBe("yes");
    const before = [row("a", 5), row("b", 5)];
    expect(advances(before, [row("a", 5), row("b", 6)])).toBe("yes");
  });

  test("arrive no more where they stand still, or fall back", () => {
    expect(advances([row("a", 1)], [row("a", 1)])).toBe("no");
    expect(advances([row("a", 2)], [row("a", 1)])).toBe("no");
    expect(advances([row("a", 1), row("b", null)], [row("a", 1), row("b", 2)])).toBe("no");
  });

  test("tell nothing where no database was read twice", () => {
    expect(advances([], [])).toBe("unknown");
    expect(advances([], [row("a", 1)])).toBe("unknown");
    expect(advances([row("a", 1)], [row("b", 2)])).toBe("unknown");
    expect(advances([row("a", null)], [row("a", 2)])).toBe("unknown");
    expect(advances([row("a", -1)], [row("a", null)])).toBe("unknown");
  });
});

describe("our newest claim", () => {
  test("is none, or nobody could read it, and that is not the same", () => {
    expect(claimState(null, NOW)).toEqual({ kind: "none" });
    expect(claimState("unknown", NOW)).toEqual({
      kind: "unknown",
      because: "claim-store-unreadable",
    });
  });

  test("is open since it was taken, and not since the future where another site's clock is ahead", () => {
    const open = { kind: "open", epoch: 1, failover: "forced" } as const;
    expect(claimState(SENT, NOW)).toEqual({ ...open, state: "sent", sinceMs: 7 * SECOND });
    const ahead = claim({ takenAt: NOW + 1, kind: "planned", epoch: 4 });
    expect(claimState(ahead, NOW)).toEqual({
      ...{ ...open, failover: "planned", epoch: 4, state: "intent", sinceMs: 0 },
    });
  });

  test.each(["ended-in-error", "undone"] as const)(
    "was seen to move nothing where it is %s, at an instant that is past",
    (spentBecause) => {
      const state = (spentAt: number | null) => claimState(spent({ spentBecause, spentAt }), NOW);
      expect(state(NOW)).toEqual({ kind: "spent", epoch: 1, unmovedAt: NOW });
      expect(state(NOW - SECOND)).toEqual({ kind: "spent", epoch: 1, unmovedAt: NOW - SECOND });
      expect(state(NOW + 1)).toEqual({ kind: "spent", epoch: 1, unmovedAt: null });
      expect(state(null)).toEqual({ kind: "spent", epoch: 1, unmovedAt: null });
    },
  );

  test.each([
    "moved",
    "refused",
    "not-sent",
    "paused",
    "expired",
    "reconciled-not-moved",
    "roles-moved-by-other",
  ] as const)("was seen to move nothing at no instant where it is %s", (spentBecause) =>
    expect(claimState(spent({ spentBecause, epoch: 3 }), NOW)).toEqual({
      ...{ kind: "spent", epoch: 3, unmovedAt: null },
    }),
  );
});

describe("our planned attempt", () => {
  const ended = incident({ plannedEndedAt: NOW - SECOND, plannedEndedCode: "OperationFailed" });
  const planned: Claim = { ...SENT, kind: "planned" };
  const error = { kind: "ended-in-error", code: "OperationFailed", timedOutForDatabase: false };

  test("is none in peace, whatever is out, and none before it was sent", () => {
    expect(attemptOf(null, planned, NOW)).toEqual({ kind: "none" });
    for (const of of [null, "unknown", SENT, { ...planned, state: "intent" } as const] as const) {
      expect(attemptOf(incident(), of, NOW)).toEqual({ kind: "none" });
    }
  });

  test("runs since it was sent, and in no future", () => {
    const runs = (change: Partial<Claim>) => attemptOf(incident(), { ...planned, ...change }, NOW);
    expect(runs({})).toEqual({ kind: "running", sinceMs: 5 * SECOND });
    expect(runs({ sentAt: null })).toEqual({ kind: "running", sinceMs: 7 * SECOND });
    expect(runs({ sentAt: NOW + 1 })).toEqual({ kind: "running", sinceMs: 0 });
  });

  test("runs once more, though one has ended before", () =>
    expect(attemptOf(ended, planned, NOW).kind).toBe("running"));

  test("has ended in the error that Azure gave, or in one that it did not name", () => {
    for (const of of [null, "unknown", spent(), SENT] as const) {
      expect(attemptOf(ended, of, NOW)).toEqual({ ...error, endedAt: NOW - SECOND });
    }
    const unnamed = incident({ plannedEndedAt: NOW });
    expect(attemptOf(unnamed, null, NOW)).toEqual({ ...error, code: "unknown", endedAt: NOW });
  });

  test("is for a person to look at where one database held it up", () => {
    const plannedEndedCode = "PlannedFailoverTimedOutForDatabase";
    expect(attemptOf({ ...ended, plannedEndedCode }, null, NOW)).toMatchObject({
      ...{ code: plannedEndedCode, timedOutForDatabase: true },
    });
  });
});

describe("the replication lag before going home", () => {
  const lag = (...samples: Facts["samples"]) => newestLag(facts({ samples }));

  test("is that of the worst database at the newest sample", () => {
    const newest = [sample({ lagSeconds: 3 }), sample({ database: "users", lagSeconds: 7 })];
    expect(lag(...newest)).toBe(7);
    expect(lag(sample({ lagSeconds: 99, measuredAt: ONSET - 60 * SECOND }), ...newest)).toBe(7);
  });

  test("is unknown where that of one database is, or nothing was measured", () => {
    expect(lag(sample({ lagSeconds: 3 }), sample({ lagSeconds: null }))).toBeNull();
    expect(lag()).toBeNull();
  });
});

describe("a target that undoes the last role change", () => {
  const code = "GeoFailoverDuringUndo";

  test("is known by the refusal that says so, in whatever word, and since when", () => {
    expect(undoRefusedAt(spent({ code }))).toBe(NOW - SECOND);
    expect(undoRefusedAt(spent({ code: "DuringUndo" }))).toBe(NOW - SECOND);
  });

  test.each<[string, Claim | null | "unknown"]>([
    ["where nothing was ever asked", null],
    ["where nobody can read what was asked", "unknown"],
    ["by another refusal", spent({ code: "InstanceFailoverGroupBusy" })],
    ["by one that names it otherwise than at its end", spent({ code: `${code}Over` })],
    ["by one without a code", spent({ code: null })],
    ["by one that was no refusal", spent({ code, spentBecause: "undone" })],
  ])("is not %s", (_, of) => expect(undoRefusedAt(of)).toBeNull());
});
