// The other side of the check's limits: what it must not refuse. A check that refuses too much keeps
// everybody from acting, and nobody sees why.

import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { GuardId } from "../../shared/domain/guard.ts";
import type { SecondaryCommit } from "../../shared/domain/loss.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { checkDecision } from "../../shared/policy/second-opinion/check-decision.ts";
import {
  call,
  facts,
  HOUR,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  outage,
  peace,
  policy,
  SECOND,
  SETTLED,
  sample,
  stateOf,
  trouble,
} from "../support/facts.ts";
import { WINDOW_CLOSED_NOW } from "../support/freeze.ts";

const forced: Decision = {
  rule: "made-up",
  verdict: "fail-over",
  diagnosis: "regional-loss",
  because: [],
  kind: "forced",
  guards: [],
  waitingFor: [],
  graceLeftMs: 0,
};
const pause = { reason: "works", owner: "ada", pausedAt: 0 };
const log = (...activity: Facts["activity"]) => facts({ activity });
const behind = {
  database: "orders",
  measuredAt: ONSET,
  lastCommitAgeMs: HOUR,
  lastCommitMark: null,
};
const alive = look("weu", { result: "alive", code: "18456" });

type Row = readonly [what: string, facts: Facts, policy: Partial<Policy>];
const SOUND: readonly Row[] = rows([
  ["a target that has undone nothing", facts({ undoRefusedAt: null })],
  ["a start that is half an hour old", log(logged("failover", { startedAt: NOW - HOUR / 2 }))],
  ["a start of ours", log(logged("failover", { ours: true, startedAt: NOW }))],
  [
    "a start that ended at once",
    log(
      logged("failover", { startedAt: NOW }),
      logged("failover", { ended: { at: NOW, how: "badly" } }),
    ),
  ],
  [
    "a role change a cooldown ago",
    log(logged("failover", { ended: { at: NOW - HOUR, how: "well" } })),
  ],
  ["another end than of a failover", log(logged("scale", { ended: { at: NOW, how: "well" } }))],
  ["a change that only failed", log(logged("scale", { ended: { at: ONSET, how: "badly" } }))],
  ["a change of which the log tells no time", log(logged("network"))],
  ...["CATCH_UP", "CatchUp", "Synchronizing", "SUSPENDED"].map((word): [string, Facts] => [
    `a link that says ${word}`,
    facts({ groupState: { ...SETTLED, replication: replicationOf(word) } }),
  ]),
  [
    "looks that have begun this instant",
    facts({ looks: [look("neu", { startedAt: NOW }), look("sec", { startedAt: NOW })] }),
  ],
  ["what was asked for half a minute ago", facts({ askedSinceAt: NOW - 30 * SECOND })],
  ["what was asked for this instant", facts({ askedSinceAt: NOW })],
  ["facts that nobody asks Azure for", facts({ askedSinceAt: null })],
  ["no role change ever", facts({ lastRoleChange: { kind: "none" }, followedAt: null })],
  ["a group that was seen followed as its roles had changed", facts({ followedAt: NOW - HOUR })],
  ["a change long before the onset", log(logged("scale", { startedAt: ONSET - 15 * MINUTE - 1 }))],
  [
    "a change without an end, where it was read at work until long before the onset",
    scaledUntil(ONSET - 15 * MINUTE - 1),
  ],
  [
    "a change without an end, where it was read Ready more than two minutes after the start",
    scaledUntil(ONSET, ONSET - HOUR + 2 * MINUTE + 1),
  ],
  [
    "a change just after the look",
    log(logged("scale", { startedAt: ONSET + 8 * SECOND + 1, ended: { at: NOW, how: "well" } })),
  ],
  [
    "a canary row that is just young enough to be missing on the secondary",
    facts({ samples: [sample({ lastCommitAgeMs: 25 * SECOND })], secondaryCommits: [behind] }),
  ],
  [
    "rows of another database that are missing on the secondary",
    facts({
      samples: [sample({ lastCommitAgeMs: HOUR })],
      secondaryCommits: [{ ...behind, lastCommitAgeMs: 2 * HOUR }],
      canaryDatabase: "canary",
    }),
  ],
  [
    "an operation that began before the primary was last Ready",
    facts({
      activity: [logged("scale", { startedAt: NOW - 4 * HOUR })],
      primaryWork: { operation: null, readyAt: NOW - 4 * HOUR + 1 },
    }),
  ],
  [
    "an operation on the secondary that has not ended",
    log(logged("scale", { side: "partner", startedAt: NOW - MINUTE })),
  ],
  ["a change of ours", log(logged("key", { ours: true, startedAt: ONSET }))],
  ["a change of the secondary", log(logged("scale", { side: "partner", startedAt: ONSET }))],
  ["something else that was done", log(logged("other", { startedAt: ONSET }))],
  ["a pause of another group", facts({ pause: [{ ...pause, scope: "x", expiresAt: null }] })],
  ["a pause that ends now", facts({ pause: [{ ...pause, scope: "*", expiresAt: NOW }] })],
  ["a freeze at another time", facts(), { freeze: [WINDOW_CLOSED_NOW] }],
  [
    "a state in other letters",
    facts({ secondary: { ...facts().secondary, state: stateOf("READY") } }),
  ],
  [
    "a state nobody read",
    facts({ secondary: { ...facts().secondary, state: stateOf("unknown") } }),
  ],
  ["keys that need no vault", facts({ keyPath: { kind: "not-needed" } })],
  ["capacity nobody wants", facts({ capacityAtTarget: "unknown" }), { capacityRequired: false }],
  [
    "an application nobody believes",
    facts({ application: { kind: "ratio", value: 1, ageMs: 0, windowMs: 60_000 } }),
    { applicationFloor: null },
  ],
  [
    "an application that was counted more than five minutes ago",
    facts({ application: { kind: "ratio", value: 1, ageMs: 300 * SECOND + 1, windowMs: 0 } }),
  ],
  [
    "an application that was counted from the onset on, or from before it",
    facts({ application: { kind: "ratio", value: 1, ageMs: 300 * SECOND, windowMs: 60_000 } }),
  ],
  [
    "life seen too long ago",
    facts({ looks: [...facts().looks, { ...alive, startedAt: NOW - 28 * SECOND }] }),
  ],
  [
    "life seen at the other side",
    facts({ looks: [...facts().looks, { ...alive, target: "partner" }] }),
  ],
  ["life seen by nobody known", facts({ looks: [...facts().looks, { ...alive, vantage: "x" }] })],
  ["no claim at all", facts({ claim: { kind: "none" } })],
  ["an operation nobody could list", facts({ operation: { kind: "unknown", because: "500" } })],
]);

/** Begun an hour before the onset, with no end in the log: read Ready, then at work, then Ready again. */
function scaledUntil(until: number, afterReadyAt: number | null = null): Facts {
  return facts({
    activity: [logged("scale", { startedAt: ONSET - HOUR })],
    primaryWork: { operation: null, readyAt: NOW, busy: { afterReadyAt, until } },
  });
}

function rows(all: readonly (readonly [string, Facts, Partial<Policy>?])[]): Row[] {
  return all.map(([what, given, change]) => [what, given, change ?? {}]);
}

describe("the check lets pass", () => {
  test.each(SOUND)("%s", (_, given, change) =>
    expect(checkDecision(forced, given, policy(change))).toEqual({ kind: "sound" }),
  );

  test("a planned failover at peace, whatever would be lost by force", () => {
    const given = peace({ loss: { kind: "unknown", because: "no-onset", database: null } });
    const planned: Decision = { ...forced, kind: "planned" };
    expect(checkDecision(planned, given, policy())).toEqual({ kind: "sound" });
  });

  test("a change by a person where no majority votes down", () => {
    const given = peace({
      activity: [logged("scale", { startedAt: ONSET, ended: { at: ONSET, how: "well" } })],
      outage: facts().outage,
    });
    expect(checkDecision({ ...forced, kind: "planned" }, given, policy())).toEqual({
      kind: "sound",
    });
  });
});

test("a change without an end counts as long as it was read at work, where it was never read Ready before", () =>
  expect(checkDecision(forced, scaledUntil(ONSET - 15 * MINUTE), policy())).toMatchObject({
    because: "changed-by-person",
  }));

test("who accepts the cooldown of a role change nobody knows has not accepted a group unprotected", () => {
  const check = (...accepts: GuardId[]) => {
    const lastRoleChange = { kind: "unknown", because: "row-broken" } as const;
    const given = facts({ lastRoleChange, call: call({ kind: "forced", accepts }) });
    return checkDecision(forced, given, policy());
  };
  expect(check("cooldown")).toMatchObject({ because: "unprotected" });
  expect(check("cooldown", "unprotected")).toEqual({ kind: "sound" });
});

describe("the secondary contradicts what the bound calls safe", () => {
  /** The last row of the canary that only just need not be over there. */
  const YOUNG = ONSET - policy().lossBudgetMs - 10 * SECOND;
  const OWED = YOUNG - 1;
  const wrote = (at: number, database = "orders", measuredAt = at + 1) =>
    sample({ database, measuredAt, lastCommitAgeMs: measuredAt - at });
  const has = (at: number, change: Partial<SecondaryCommit> = {}): SecondaryCommit => {
    const measuredAt = change.measuredAt ?? ONSET;
    return { ...behind, measuredAt, lastCommitAgeMs: measuredAt - at, ...change };
  };
  const lacking = has(OWED - 10 * SECOND - 1);
  const said = (given: Facts, change: Partial<Decision> = {}) => {
    const checked = checkDecision({ ...forced, ...change }, given, policy());
    return checked.kind === "sound" ? "sound" : checked.because;
  };
  const owes = (...secondaryCommits: SecondaryCommit[]) =>
    facts({ samples: [wrote(OWED)], secondaryCommits });

  test.each([
    ["by the row that it lacks", owes(lacking)],
    ["by each of its reads", owes(lacking, has(OWED - HOUR, { measuredAt: NOW }))],
    ["where it does not say what it has", owes(has(0, { lastCommitAgeMs: null }))],
    [
      "by one row of several",
      facts({ samples: [wrote(YOUNG), wrote(OWED)], secondaryCommits: [lacking] }),
    ],
  ])("%s", (_, given) => expect(said(given)).toBe("loss-contradicted"));

  test.each([
    ["where the row is just young enough", facts({ ...owes(lacking), samples: [wrote(YOUNG)] })],
    ["where it has one that is just old enough", owes(has(OWED - 10 * SECOND))],
    ["where one of its reads has it", owes(lacking, has(OWED, { measuredAt: NOW }))],
    ["where it was read before the onset", owes(has(OWED - HOUR, { measuredAt: ONSET - 1 }))],
    ["where nobody has read it", owes()],
    ["by what it lacks of another database", owes({ ...lacking, database: "users" })],
    [
      "by a row of another database",
      facts({ samples: [wrote(OWED, "users")], secondaryCommits: [lacking] }),
    ],
    [
      "by a row of which the primary did not tell the age",
      facts({ samples: [sample({ lastCommitAgeMs: null })], secondaryCommits: [lacking] }),
    ],
  ])("not %s", (_, given) => expect(said(given)).toBe("sound"));

  test("not for a planned failover, nor for who accepts a loss unknown", () => {
    const accepted = (guard: GuardId) => ({ call: call({ kind: "forced", accepts: [guard] }) });
    expect(said(owes(lacking), { kind: "planned" })).toBe("sound");
    expect(said({ ...owes(lacking), ...accepted("loss-unknown") })).toBe("sound");
    expect(said({ ...owes(lacking), ...accepted("cooldown") })).toBe("loss-contradicted");
  });

  test("of trouble from its first look on, and not from the onset that runs just now", () => {
    const sinceAt = NOW - policy().rtoMs;
    const earlier = sinceAt - ONSET;
    const inTrouble = (rowAt: number, stands: Facts["outage"]["trouble"] = trouble({ sinceAt })) =>
      facts({
        outage: outage({ trouble: stands }),
        samples: [wrote(rowAt)],
        secondaryCommits: [has(rowAt - HOUR)],
        call: call({ kind: "forced" }),
      });
    const asTrouble = { diagnosis: "trouble" } as const;
    expect(said(inTrouble(OWED + earlier), asTrouble)).toBe("loss-contradicted");
    expect(said(inTrouble(YOUNG + earlier), asTrouble)).toBe("sound");
    expect(said(inTrouble(YOUNG + earlier))).toBe("loss-contradicted");
    expect(said(inTrouble(OWED, null), asTrouble)).toBe("sound");
  });
});

describe("of two looks begun at once the check, too, hears the one in the primary's favour", () => {
  const favour = ["writes", "alive", "blind", "not-serving", "no-answer"] as const;

  test.each(favour.slice(0, 3))("%s", (better) => {
    for (const worse of ["not-serving", "no-answer"] as const) {
      const twice = [look("sec", { result: better }), look("sec", { result: worse })];
      for (const looks of [twice, twice.toReversed()]) {
        const given = facts({ looks: [look("neu"), ...looks] });
        expect(checkDecision(forced, given, policy()).kind).toBe("unsound");
      }
    }
  });
});

describe("a vantage that has gone blind", () => {
  const seen = (result: "writes" | "alive" | "no-answer") =>
    checkDecision(
      forced,
      facts({
        looks: [
          ...facts().looks,
          look("weu", { result: "blind", startedAt: NOW - 2 * SECOND }),
          look("weu", { result: "blind", startedAt: NOW - 3 * SECOND }),
          look("weu", { result, startedAt: NOW - 4 * SECOND }),
        ],
      }),
      policy(),
    ).kind;

  test("takes nothing back of the life that it saw", () => {
    expect(seen("writes")).toBe("unsound");
    expect(seen("alive")).toBe("unsound");
    expect(seen("no-answer")).toBe("sound");
  });
});

test("a target that undid something half an hour ago is asked again", () => {
  const given = (ageMs: number) => facts({ undoRefusedAt: NOW - ageMs });
  expect(checkDecision(forced, given(HOUR / 2), policy()).kind).toBe("sound");
  expect(checkDecision(forced, given(HOUR / 2 - 1), policy()).kind).toBe("unsound");
});
