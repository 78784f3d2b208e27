import { describe, expect, test } from "vitest";
import type { LossBound, SecondaryCommit } from "../../shared/domain/loss.ts";
import { boundLoss, findBounds, isContradicted } from "../../shared/policy/evidence/bound-loss.ts";
import { NOW, ONSET, SECOND, sample } from "../support/facts.ts";

function commit(change: Partial<SecondaryCommit> = {}): SecondaryCommit {
  return {
    database: "orders",
    measuredAt: NOW,
    lastCommitAgeMs: NOW - ONSET + 12 * SECOND,
    lastCommitMark: 99,
    ...change,
  };
}

function bound(
  samples = [sample()],
  secondaryCommits: SecondaryCommit[] = [],
  onsetAt: number | null = ONSET,
): LossBound {
  return boundLoss({ onsetAt, samples, secondaryCommits, canaryDatabase: "canary" });
}

const atMost = (seconds: number, database = "orders") => ({
  kind: "bounded",
  atMostMs: seconds * SECOND,
  database,
});

describe("a canary row that the least bound calls safe, and that the secondary lacks,", () => {
  // The bound is 30 s, by the sample's lag. Rows from before 40 s before the onset must be over there.
  const canary = (agoMs: number) =>
    sample({ database: "canary", lastCommitAgeMs: agoMs - 15 * SECOND, lastCommitMark: null });
  const there = (beforeOnsetMs: number, database = "canary") =>
    commit({
      database,
      lastCommitAgeMs: NOW - ONSET + beforeOnsetMs,
      lastCommitMark: null,
    });
  const contradicted = {
    kind: "unknown",
    because: "bounds-contradict (30 s, 600 s)",
    database: "canary",
  };

  test("contradicts that bound: nothing is known, and both numbers are told", () => {
    expect(bound([canary(40 * SECOND + 1)], [there(600 * SECOND)])).toEqual(contradicted);
    expect(bound([canary(40 * SECOND)], [there(600 * SECOND)])).toEqual(atMost(30, "canary"));
  });

  test("is missing if it is more than the slack newer than the newest row over there", () => {
    expect(bound([canary(41 * SECOND)], [there(51 * SECOND + 1)]).kind).toBe("unknown");
    expect(bound([canary(41 * SECOND)], [there(51 * SECOND)])).toEqual(atMost(30, "canary"));
  });

  test("makes the whole group unknown, whatever other databases say", () =>
    expect(bound([canary(41 * SECOND), sample()], [there(600 * SECOND), commit()])).toEqual(
      contradicted,
    ));

  test("is one of the canary's own: another database may be idle", () => {
    const idle = sample({ lastCommitAgeMs: 600 * SECOND, lastCommitMark: null });
    expect(bound([idle], [there(900 * SECOND, "orders")])).toEqual(atMost(30));
    const busy = sample({ lastCommitAgeMs: 40 * SECOND, lastCommitMark: null });
    expect(bound([busy], [there(900 * SECOND, "orders")])).toEqual(atMost(30));
  });

  test("is known by what was read: who read nothing of either side contradicts nothing", () => {
    const unread = { ...there(0), lastCommitAgeMs: null };
    expect(bound([canary(41 * SECOND)], [unread])).toEqual(atMost(30, "canary"));
    expect(bound([canary(41 * SECOND)])).toEqual(atMost(30, "canary"));
    const silent = { ...canary(41 * SECOND), lastCommitAgeMs: null };
    expect(bound([silent], [there(600 * SECOND)])).toEqual(atMost(30, "canary"));
  });
});

describe("boundLoss()", () => {
  test("age of the sample at the onset plus its lag", () => expect(bound()).toEqual(atMost(30)));

  test("the age alone where the secondary has reached what the primary had", () => {
    expect(bound([sample()], [commit({ lastCommitMark: 100, lastCommitAgeMs: null })])).toEqual(
      atMost(15),
    );
    expect(bound([sample()], [commit({ lastCommitMark: 99, lastCommitAgeMs: null })])).toEqual(
      atMost(30),
    );
  });

  test("the secondary's own newest commit, counted back from the onset", () =>
    expect(bound([], [commit()])).toEqual(atMost(12)));

  test("nothing by what another database of the secondary has", () =>
    expect(
      bound(
        [sample()],
        [commit({ database: "users", lastCommitMark: 100, lastCommitAgeMs: NOW - ONSET })],
      ),
    ).toEqual(atMost(30)));

  test("the least of all that is known", () =>
    expect(bound([sample()], [commit({ lastCommitMark: 100 })])).toEqual(atMost(12)));

  test("counts to the onset, however long we wait", () =>
    expect(
      bound([], [commit({ measuredAt: NOW + 3600_000, lastCommitAgeMs: NOW + 3600_000 - ONSET })]),
    ).toEqual(atMost(0)));

  test("no lag is not lag zero", () =>
    expect(bound([sample({ lagSeconds: null })]).kind).toBe("unknown"));

  test("lag zero is not loss zero", () =>
    expect(bound([sample({ lagSeconds: 0 })])).toEqual(atMost(15)));

  test("a sample taken after the onset says nothing", () =>
    expect(bound([sample({ measuredAt: ONSET + 1 })]).kind).toBe("unknown"));

  test("a commit read before the onset says nothing", () =>
    expect(bound([], [commit({ measuredAt: ONSET - 1 })]).kind).toBe("unknown"));

  test("the group's bound is its worst database", () =>
    expect(bound([sample(), sample({ database: "users", lagSeconds: 16 })])).toEqual(
      atMost(31, "users"),
    ));

  test("one database without evidence makes the group unknown, by name", () =>
    expect(bound([sample(), sample({ database: "users", lagSeconds: null })])).toEqual({
      kind: "unknown",
      because: "no-evidence",
      database: "users",
    }));

  test("a primary that committed after its onset makes nonsense of the bound", () =>
    expect(bound([sample()], [commit({ lastCommitAgeMs: NOW - ONSET - 1 })])).toEqual({
      kind: "unknown",
      because: "negative-bound",
      database: "orders",
    }));

  test("no onset, no bound; no evidence, no bound", () => {
    expect(bound([sample()], [], null).kind).toBe("unknown");
    expect(bound([]).kind).toBe("unknown");
  });

  test("says why there is none, and of which database", () => {
    expect(bound([], [], null)).toEqual({ kind: "unknown", because: "no-onset", database: null });
    expect(bound([])).toEqual({ kind: "unknown", because: "no-evidence", database: null });
  });

  test("a sample of the very onset counts, and so does a commit read at it", () => {
    expect(bound([sample({ measuredAt: ONSET })])).toEqual(atMost(15));
    expect(bound([], [commit({ measuredAt: ONSET, lastCommitAgeMs: 12 * SECOND })])).toEqual(
      atMost(12),
    );
  });

  test("databases are asked by name, whatever comes first", () => {
    const users = sample({ database: "users", lagSeconds: null });
    expect(bound([users, sample({ lagSeconds: null })])).toMatchObject({ database: "orders" });
    expect(bound([sample({ database: "users" }), sample()])).toEqual(atMost(30));
  });

  test("a better database does not hide the worst", () =>
    expect(bound([sample({ lagSeconds: 16 }), sample({ database: "users" })])).toEqual(atMost(31)));

  test("a mark that nobody gave is reached by none", () => {
    const none = commit({ lastCommitMark: null, lastCommitAgeMs: null });
    expect(bound([sample({ lastCommitMark: null })], [none])).toEqual(atMost(30));
    expect(bound([sample({ lastCommitMark: -1 })], [none])).toEqual(atMost(30));
    expect(
      bound(
        [sample({ lastCommitMark: null })],
        [commit({ lastCommitMark: 1, lastCommitAgeMs: null })],
      ),
    ).toEqual(atMost(30));
  });

  test("another database's commits say nothing of this one", () =>
    expect(
      bound([sample()], [commit({ database: "users", lastCommitMark: 100, lastCommitAgeMs: 1 })]),
    ).not.toEqual(atMost(15)));
});

describe("witnesses of a bound", () => {
  const evidence = (samples = [sample()], secondaryCommits: SecondaryCommit[] = []) =>
    findBounds({ onsetAt: ONSET, samples, secondaryCommits, canaryDatabase: "canary" });
  const lag = {
    database: "orders",
    atMostMs: 30 * SECOND,
    by: "lag",
    measuredAt: ONSET - 15 * SECOND,
  };

  test("are named, the least first, with when they were measured", () => {
    expect(evidence()).toEqual([lag]);
    expect(evidence([sample()], [commit()])).toEqual([
      { database: "orders", atMostMs: 12 * SECOND, by: "commit", measuredAt: NOW },
      lag,
    ]);
    const [least] = evidence([sample({ lastCommitMark: 99 })], [commit({ lastCommitAgeMs: null })]);
    expect(least).toEqual({ ...lag, by: "reached", atMostMs: 15 * SECOND });
  });

  test("are none before there is an onset, and none that were told nothing", () => {
    const told = { samples: [sample()], secondaryCommits: [commit()], canaryDatabase: null };
    expect(findBounds({ ...told, onsetAt: null })).toEqual([]);
    expect(evidence([sample({ lagSeconds: null })], [commit({ lastCommitAgeMs: null })])).toEqual(
      [],
    );
  });
});

test("contradiction is told apart from whatever else is unknown", () => {
  const unknown = (because: string): LossBound => ({
    kind: "unknown",
    because,
    database: "orders",
  });
  expect(isContradicted(unknown("bounds-contradict (30 s, 600 s)"))).toBe(true);
  expect(isContradicted(unknown("no bounds-contradict"))).toBe(false);
  expect(isContradicted(unknown("no-evidence"))).toBe(false);
  expect(isContradicted({ kind: "bounded", atMostMs: 0, database: "orders" })).toBe(false);
});
