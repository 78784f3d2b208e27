import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import { type Facts, NO_WORK } from "../../shared/domain/facts.ts";
import { GuardId } from "../../shared/domain/guard.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { findGuards } from "../../shared/policy/guards/guards.ts";
import {
  approval,
  call,
  facts,
  HOUR,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  policy,
  running,
  SECOND,
  SETTLED,
  stateOf,
} from "../support/facts.ts";

const FORCED = { purpose: "fail-over", kind: "forced", diagnosis: "regional-loss" } as const;
const PLANNED = { ...FORCED, kind: "planned" } as const;

function findings(
  given: Facts,
  p: Policy = policy(),
  intent: typeof FORCED | typeof PLANNED = FORCED,
) {
  return findGuards({ facts: given, judgement: judgeObservations(given, p), policy: p }, intent);
}

function closed(given: Facts, p?: Policy, intent?: typeof FORCED | typeof PLANNED) {
  return findings(given, p, intent)
    .filter(({ state }) => state === "closed")
    .map(({ guard }) => guard);
}

const pause = {
  scope: "*",
  reason: "works",
  owner: "ada@example.net",
  pausedAt: NOW - HOUR,
  expiresAt: null,
};
const change = logged("network", {
  said: "nsg-rule-write",
  startedAt: ONSET - 15 * MINUTE,
  ended: { at: ONSET + 8 * SECOND, how: "well" },
});
const begun = logged("scale", { startedAt: NOW - 4 * HOUR });
/** Scaled for an hour, with no end in the log; read Ready again since. */
function workedUntil(until: number, afterReadyAt = ONSET - HOUR + 2 * MINUTE): Facts {
  return facts({
    activity: [logged("scale", { startedAt: ONSET - HOUR })],
    primaryWork: { operation: null, readyAt: ONSET, busy: { afterReadyAt, until } },
  });
}

const ready = (agoMs: number) => ({ primaryWork: { operation: null, readyAt: NOW - agoMs } });
const DAY = 24 * HOUR;
const noon = { schedule: "0 12 * * THU", forMs: HOUR, timezone: "UTC" };

const [weu, neu, sec] = policy().vantages.map(({ name, region }) => ({ name, region }));
const vantages = (...named: (typeof weu)[]) => ({ vantages: named.filter((v) => v !== undefined) });

const CASES: [GuardId, Facts, Partial<Policy>][] = [
  ["quorum", facts(), vantages(weu, neu, sec, sec)],
  ["quorum", facts({ looks: [look("weu"), look("neu")] }), vantages(weu, neu)],
  ["quorum", facts(), vantages(neu, sec)],
  ["no-token", facts({ tokenGoodForMs: null }), {}],
  ["no-token", facts({ tokenGoodForMs: 5 * MINUTE - 1 }), {}],
  ["fresh-evidence", facts({ looks: [] }), {}],
  [
    "claim-open",
    facts({ claim: { kind: "open", state: "intent", epoch: 2, failover: "forced", sinceMs: 0 } }),
    {},
  ],
  ["claim-store", facts({ claim: { kind: "unknown", because: "timeout" } }), {}],
  ["roles-known", facts({ groupState: { ...SETTLED, targetRole: "unknown" } }), {}],
  ["roles-known", facts({ groupState: { kind: "unknown", because: "429" } }), {}],
  ["operation-in-progress", facts({ operation: running("update", "unknown") }), {}],
  ["seeding", facts({ groupState: { ...SETTLED, replication: replicationOf("SEEDING") } }), {}],
  ["moving", facts({ groupState: { ...SETTLED, replication: replicationOf("Failing over") } }), {}],
  [
    "moving",
    facts({ groupState: { ...SETTLED, replication: replicationOf("FailoverInProgress") } }),
    {},
  ],
  ["secondary-silent", facts({ secondary: { ...facts().secondary, sql: "silent" } }), {}],
  ["secondary-silent", facts({ secondary: { ...facts().secondary, sql: "unknown" } }), {}],
  [
    "secondary-not-ready",
    facts({ secondary: { ...facts().secondary, state: stateOf("Updating") } }),
    {},
  ],
  ["paused", facts({ pause: [pause] }), {}],
  ["paused", facts({ pause: [{ ...pause, scope: "orders-fog", expiresAt: NOW + 1 }] }), {}],
  ["paused", facts({ pauseReadable: false }), {}],
  ["frozen", facts(), { freeze: [noon] }],
  ["sign-of-life", facts({ secondaryAdvances: "yes" }), {}],
  [
    "sign-of-life",
    facts({ application: { kind: "ratio", value: 0.5, ageMs: 0, windowMs: 60_000 } }),
    {},
  ],
  ["no-majority", facts({ looks: [look("neu")] }), {}],
  ...["PENDING", "", "CATCH_UP_PENDING", "Seeded", "Stale", "9"].map(
    (word): [GuardId, Facts, object] => [
      "replication-unclear",
      facts({ groupState: { ...SETTLED, replication: replicationOf(word) } }),
      {},
    ],
  ),
  ["microsoft-managed", facts({ groupState: { ...SETTLED, failoverPolicy: "automatic" } }), {}],
  [
    "secondary-unfit",
    facts({ secondary: { ...facts().secondary, fitness: { kind: "unfit", because: "vcores" } } }),
    {},
  ],
  ["capacity-at-target", facts({ capacityAtTarget: "unknown" }), {}],
  ["key-unknown", facts({ keyPath: { kind: "unknown", reason: "no-answer", because: "503" } }), {}],
  ["key-unknown", facts({ keyPath: { kind: "proven", ageMs: policy().keyProofMs + 1 } }), {}],
  ["key-denied", facts({ keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } }), {}],
  ["loss-unknown", facts({ loss: { kind: "unknown", because: "no", database: null } }), {}],
  [
    "loss-over-budget",
    facts({ loss: { kind: "bounded", atMostMs: 30 * SECOND + 1, database: "orders" } }),
    {},
  ],
  ["cooldown", facts({ lastRoleChange: { kind: "known", at: NOW - HOUR + 1 } }), {}],
  [
    "cooldown",
    facts({ activity: [logged("failover", { ended: { at: NOW - HOUR + 1, how: "well" } })] }),
    {},
  ],
  ["unprotected", facts({ followedAt: null }), {}],
  ["unprotected", facts({ followedAt: NOW - HOUR - 1 }), {}],
  ["unprotected", facts({ followedAt: NOW + 1 }), {}],
  [
    "unprotected",
    facts({
      lastRoleChange: { kind: "none" },
      activity: [logged("failover", { ended: { at: NOW - HOUR, how: "well" } })],
      followedAt: NOW - HOUR - 1,
    }),
    {},
  ],
  ["changed-by-person", facts({ activity: [change] }), {}],
  ["changed-by-person", facts({ activity: [{ ...change, startedAt: ONSET + 8 * SECOND }] }), {}],
  ...(["key", "scale", "update"] as const).map((what): [GuardId, Facts, object] => [
    "changed-by-person",
    facts({ activity: [{ ...change, what }] }),
    {},
  ]),
  ["changed-by-person", facts({ activity: [{ ...change, side: "home" }] }), {}],
  [
    "changed-by-person",
    facts({ activity: [logged("scale", { ended: { at: ONSET, how: "well" } })] }),
    {},
  ],
  [
    "changed-by-person",
    facts({
      activity: [
        logged("scale", {
          startedAt: ONSET - HOUR,
          ended: { at: ONSET - 15 * MINUTE, how: "badly" },
        }),
      ],
    }),
    {},
  ],
  [
    "changed-by-person",
    facts({
      activity: [
        logged("scale", { startedAt: ONSET - HOUR, ended: { at: ONSET + MINUTE, how: "well" } }),
      ],
    }),
    {},
  ],
  ["changed-by-person", workedUntil(ONSET - 15 * MINUTE), {}],
  ["denied", facts({ deniedAt: NOW }), {}],
  ["target-in-undo", facts({ undoRefusedAt: NOW - 30 * MINUTE + 1 }), {}],
  ["operation-on-primary", facts({ activity: [begun], ...ready(4 * HOUR) }), {}],
  ["operation-on-primary", facts({ activity: [{ ...begun, side: "home" }], ...ready(DAY) }), {}],
  [
    "operation-on-primary",
    facts({
      primaryWork: {
        operation: { what: "update", said: "UpsertManagedServer", beganAt: NOW - 4 * HOUR },
        readyAt: null,
      },
    }),
    {},
  ],
];

describe("findGuards()", () => {
  test.each(CASES)("%s closes, alone, one step beyond its limit", (guard, given, p) => {
    expect(closed(given, policy(p))).toContain(guard);
    const follows = guard === "fresh-evidence" ? ["no-majority"] : [];
    expect(closed(given, policy(p)).filter((g) => g !== guard)).toEqual(follows);
  });

  test("a memory of the roles that cannot be read closes what rests on it, and nothing else", () =>
    expect(closed(facts({ lastRoleChange: { kind: "unknown", because: "row-broken" } }))).toEqual([
      "cooldown",
      "unprotected",
    ]));

  test("on every limit all guards are open", () =>
    expect(new Set(findings(facts()).map(({ state }) => state))).toEqual(new Set(["open"])));

  test("where nobody has ever read who is primary the roles are unknown, and that is said", () => {
    const found = findings(facts({ primary: null })).find(({ guard }) => guard === "roles-known");
    expect(found).toMatchObject({
      state: "closed",
      because: { code: "primary-never-read", values: {} },
    });
  });

  test("every guard has a row and a case", () => {
    const ids = findings(facts()).map(({ guard }) => guard);
    expect([...ids].sort()).toEqual([...GuardId.options].sort());
    expect([...new Set(CASES.map(([guard]) => guard))].sort()).toEqual([...ids].sort());
  });

  test.each([
    ["an operation that could not be listed", { operation: { kind: "unknown", because: "500" } }],
    [
      "a secondary whose state and size could not be read",
      {
        secondary: {
          sql: "answers",
          state: "unknown",
          fitness: { kind: "unknown", because: "timeout" },
        },
      },
    ],
    [
      "a failover policy that was not said",
      { groupState: { ...SETTLED, failoverPolicy: "unknown" } },
    ],
    ["a suspended link", { groupState: { ...SETTLED, replication: replicationOf("SUSPENDED") } }],
    ["a pause of another group", { pause: [{ ...pause, scope: "other-fog" }] }],
    ["a pause that ends now", { pause: [{ ...pause, expiresAt: NOW }] }],
    ["a change of our own", { activity: [{ ...change, ours: true }] }],
    [
      "a change sixteen minutes before the onset",
      { activity: [{ ...change, startedAt: ONSET - 15 * MINUTE - 1, ended: null }], ...ready(0) },
    ],
    [
      "a change after the first look had failed",
      { activity: [{ ...change, startedAt: ONSET + 8 * SECOND + 1 }] },
    ],
    [
      "a change that only failed",
      { activity: [logged("scale", { ended: { at: ONSET, how: "badly" } })] },
    ],
    [
      "a change that ended more than fifteen minutes before the onset",
      {
        activity: [
          logged("scale", {
            startedAt: ONSET - HOUR,
            ended: { at: ONSET - 15 * MINUTE - 1, how: "well" },
          }),
        ],
      },
    ],
    [
      "a change at which the primary was last seen before that",
      workedUntil(ONSET - 15 * MINUTE - 1),
    ],
    [
      "a change after which the primary was read Ready, and at work again later",
      workedUntil(ONSET, ONSET - HOUR + 2 * MINUTE + 1),
    ],
    ["a change of which the log tells no time", { activity: [logged("network")] }],
    [
      "a failover that failed",
      { activity: [logged("failover", { startedAt: ONSET, ended: { at: NOW, how: "badly" } })] },
    ],
    [
      "a failover of a cooldown ago, whose end the log tells",
      { activity: [logged("failover", { ended: { at: NOW - HOUR, how: "well" } })] },
    ],
    [
      "something else that ended well just now",
      { activity: [logged("other", { startedAt: ONSET, ended: { at: NOW, how: "well" } })] },
    ],
    ["a token that lasts just long enough", { tokenGoodForMs: 5 * MINUTE }],
    [
      "an operation before the primary was read Ready",
      { activity: [begun], ...ready(4 * HOUR - 1) },
    ],
    [
      "an operation that has ended",
      {
        activity: [{ ...begun, ended: { at: NOW - 3 * HOUR, how: "badly" } }],
        ...ready(DAY),
      },
    ],
    ["an operation on the secondary", { activity: [{ ...begun, side: "partner" }], ...ready(DAY) }],
    ["an operation of our own", { activity: [{ ...begun, ours: true }], ...ready(DAY) }],
    ["a primary of which nobody has read anything", { primaryWork: NO_WORK }],
    ["a change on the secondary", { activity: [{ ...change, side: "partner" }] }],
  ] as [string, Partial<Facts>][])("%s closes nothing by itself", (_, given) =>
    expect(closed(facts(given))).toEqual([]),
  );

  test("without any vantage nothing acts, and the reason says that it never could", () => {
    const quorum = findings(facts(), policy(vantages())).find(({ guard }) => guard === "quorum");
    expect(quorum).toMatchObject({
      state: "closed",
      because: { code: "quorum-impossible", values: { vantages: 0, needed: 1 } },
    });
  });

  test("a person who is asked may judge without a vantage in the primary's region", () =>
    expect(closed(facts(), policy({ mode: "approve", ...vantages(neu, sec) }))).toEqual([]));

  test("a change by a person guards only while a majority votes down", () =>
    expect(closed(facts({ activity: [change], looks: [look("neu")] }), policy(), PLANNED)).toEqual(
      [],
    ));

  test("life, votes and loss guard only what is forced", () => {
    const given = facts({
      secondaryAdvances: "yes",
      looks: [look("neu")],
      loss: { kind: "unknown", because: "no", database: null },
    });
    expect(closed(given)).toEqual(["sign-of-life", "no-majority", "loss-unknown"]);
    expect(closed(given, policy(), PLANNED)).toEqual([]);
  });

  test("nobody lifts an absolute guard", () => {
    const all = [...GuardId.options];
    const paused = { pause: [pause] };
    expect(closed(facts({ ...paused, approvals: [approval({ guards: all })] }))).toEqual([
      "paused",
    ]);
    expect(closed(facts({ ...paused, call: call({ accepts: all }) }))).toEqual(["paused"]);
  });

  test("a guard that is open is not lifted", () => {
    const given = facts({ approvals: [approval({ guards: ["cooldown"] })] });
    expect(findings(given).filter(({ state }) => state === "lifted")).toEqual([]);
  });

  test("an approval covers the loss it was told, and not a millisecond more", () => {
    const over = { kind: "bounded", atMostMs: 45 * SECOND, database: "orders" } as const;
    const guards: GuardId[] = ["loss-over-budget"];
    const withBand = (lossAtMostMs: number | null) =>
      closed(facts({ loss: over, approvals: [approval({ guards, lossAtMostMs })] }));
    expect(withBand(45 * SECOND)).toEqual([]);
    expect(withBand(45 * SECOND - 1)).toEqual(["loss-over-budget"]);
    expect(withBand(null)).toEqual(["loss-over-budget"]);
  });
});

describe("a vantage without a vote", () => {
  const votes = (unheard: Facts["unheard"]) =>
    findings(facts({ looks: [look("neu")], unheard })).find(({ guard }) => guard === "no-majority")
      ?.because;

  test("that answered and told no report is named with what it said", () => {
    const keys = [
      { vantage: "sec", because: "http-401" },
      { vantage: "weu", because: "no-answer" },
    ] as const;
    expect(votes([...keys])).toMatchObject({ values: { misheard: "sec http-401" } });
    expect(votes([keys[0], { vantage: "weu", because: "http-404" }])).toMatchObject({
      values: { misheard: "sec http-401, weu http-404" },
    });
  });

  test("that gave no answer says for itself why it has none", () => {
    const silent = votes([{ vantage: "sec", because: "no-answer" }]);
    expect(silent?.values).not.toHaveProperty("misheard");
    expect(votes([])?.values).not.toHaveProperty("misheard");
  });
});
