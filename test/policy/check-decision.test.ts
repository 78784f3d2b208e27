import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { refuseUnsound } from "../../shared/policy/decide.ts";
import { checkDecision, checkFailback } from "../../shared/policy/second-opinion/check-decision.ts";
import {
  approval,
  call,
  facts,
  failbackFacts,
  HOUR,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  peace,
  policy,
  running,
  SECOND,
  SETTLED,
  sample,
  stateOf,
} from "../support/facts.ts";

/** A decision to act that no rule has made. */
function act(change: Partial<Decision> = {}): Decision {
  return {
    rule: "made-up",
    verdict: "fail-over",
    diagnosis: "regional-loss",
    because: [],
    kind: "forced",
    guards: [],
    waitingFor: [],
    graceLeftMs: 0,
    ...change,
  };
}

const unknown = { kind: "unknown", because: "timeout" } as const;
const pause = { scope: "*", reason: "works", owner: "ada", pausedAt: 0, expiresAt: NOW + 1 };
const noon = { schedule: "0 12 * * THU", forMs: HOUR, timezone: "UTC" };
const blind = { result: "blind" } as const;

/** What a person did as it went down, in the ways in which the log tells of it. */
const CHANGES = [
  logged("update", { startedAt: ONSET }),
  logged("key", { side: "home", startedAt: ONSET }),
  logged("scale", { startedAt: ONSET, ended: { at: NOW, how: "badly" } }),
  logged("network", { ended: { at: ONSET, how: "well" } }),
];

const BREACHES: [string, string, Facts, Partial<Policy>][] = [
  ["I1", "no-fresh-look", facts({ looks: [] }), {}],
  ["I1", "asked-too-long-ago", facts({ askedSinceAt: NOW - 30_001 }), {}],
  ["I1", "asked-too-long-ago", facts({ askedSinceAt: NOW + 1 }), {}],
  ["I1", "nobody-approved", facts(), { mode: "approve" }],
  ["I1", "nobody-approved", facts(), { canary: false }],
  ["I1", "nobody-approved", facts(), { automatic: ["instance-loss"] }],
  ["I2", "claim-not-spent", facts({ claim: unknown }), {}],
  ["I3", "sign-of-life", facts({ secondaryAdvances: "yes" }), {}],
  [
    "I3",
    "sign-of-life",
    facts({ application: { kind: "ratio", value: 0.5, ageMs: 0, windowMs: 60_000 } }),
    {},
  ],
  [
    "I3",
    "sign-of-life",
    facts({ looks: [...facts().looks, look("weu", { result: "alive" })] }),
    {},
  ],
  [
    "I4",
    "no-down-majority",
    facts({
      looks: [look("neu"), look("weu", { result: "alive" }), look("sec", { result: "alive" })],
      call: call({ kind: "forced", accepts: ["sign-of-life"] }),
    }),
    {},
  ],
  [
    "I4",
    "quorum-impossible",
    facts(),
    { vantages: policy().vantages.map((v) => ({ ...v, region: "westeurope" })) },
  ],
  ["I4", "quorum-impossible", facts(), { vantages: policy().vantages.slice(1) }],
  ["I1", "no-token", facts({ tokenGoodForMs: 5 * MINUTE - 1 }), {}],
  [
    "I11",
    "unknown-counted-as-down",
    facts(),
    { vantages: [...policy().vantages, { name: "uks", region: "uksouth" }] },
  ],
  [
    "I4",
    "quorum-impossible",
    facts(),
    { vantages: [...policy().vantages, { name: "weu-2", region: "westeurope" }] },
  ],
  ["I5", "group-not-settled", facts({ groupState: unknown }), {}],
  [
    "I5",
    "group-not-settled",
    facts({ groupState: { ...SETTLED, replication: replicationOf("Seeding") } }),
    {},
  ],
  ["I5", "group-not-settled", facts({ groupState: { ...SETTLED, targetRole: "primary" } }), {}],
  ["I5", "operation-in-progress", facts({ attempt: { kind: "running", sinceMs: 1 } }), {}],
  ["I5", "operation-in-progress", facts({ operation: running("update", "unknown") }), {}],
  [
    "I5",
    "failover-by-other",
    facts({ activity: [logged("failover", { startedAt: NOW - HOUR / 2 + 1 })] }),
    {},
  ],
  [
    "I5",
    "secondary-not-ready",
    facts({ secondary: { ...facts().secondary, state: stateOf("Updating") } }),
    {},
  ],
  ["I2", "roles-moved", facts({ movedByOtherAt: NOW }), {}],
  [
    "I5",
    "secondary-does-not-answer",
    facts({ secondary: { ...facts().secondary, sql: "unknown" } }),
    {},
  ],
  [
    "I5",
    "microsoft-managed",
    facts({ groupState: { ...SETTLED, failoverPolicy: "automatic" } }),
    {},
  ],
  [
    "I5",
    "secondary-unfit",
    facts({ secondary: { ...facts().secondary, fitness: { kind: "unfit", because: "version" } } }),
    {},
  ],
  ["I5", "capacity-not-ready", facts({ capacityAtTarget: "not-ready" }), {}],
  ["I6", "key-unproven", facts({ keyPath: { ...unknown, reason: "no-answer" } }), {}],
  [
    "I6",
    "key-unproven",
    facts({ keyPath: { kind: "proven", ageMs: policy().keyProofMs + 1 } }),
    {},
  ],
  ["I6", "key-denied", facts({ keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } }), {}],
  ["I7", "loss-unknown", facts({ loss: { ...unknown, database: null } }), {}],
  [
    "I7",
    "loss-over-budget",
    facts({ loss: { kind: "bounded", atMostMs: 30_001, database: "orders" } }),
    {},
  ],
  [
    "I7",
    "loss-contradicted",
    facts({
      samples: [sample({ lastCommitAgeMs: 25 * SECOND + 1 })],
      secondaryCommits: [
        { database: "orders", measuredAt: ONSET, lastCommitAgeMs: MINUTE, lastCommitMark: null },
      ],
    }),
    {},
  ],
  ["I8", "observe-mode", facts(), { mode: "observe" }],
  ["I8", "paused", facts({ pause: [pause] }), {}],
  ["I8", "paused", facts({ pause: [{ ...pause, scope: "orders-fog" }] }), {}],
  ["I8", "paused", facts({ pauseReadable: false }), {}],
  ["I8", "frozen", facts(), { freeze: [noon] }],
  ["I11", "unknown-counted-as-down", facts({ looks: [look("neu"), look("sec", blind)] }), {}],
  ["I11", "unknown-counted-as-down", facts({ looks: [look("neu")] }), {}],
  ["I13", "cooldown", facts({ lastRoleChange: { kind: "known", at: NOW - HOUR + 1 } }), {}],
  [
    "I13",
    "role-change-unknown",
    facts({ lastRoleChange: { kind: "unknown", because: "row-broken" } }),
    {},
  ],
  [
    "I13",
    "cooldown",
    facts({ activity: [logged("failover", { ended: { at: NOW - HOUR + 1, how: "well" } })] }),
    {},
  ],
  ["I5", "unprotected", facts({ followedAt: null }), {}],
  ["I5", "unprotected", facts({ followedAt: NOW - HOUR - 1 }), {}],
  ["I5", "unprotected", facts({ followedAt: NOW + 1 }), {}],
  [
    "I1",
    "changed-by-person",
    facts({ activity: [logged("scale", { startedAt: ONSET - 15 * MINUTE })] }),
    {},
  ],
  [
    "I1",
    "changed-by-person",
    facts({ activity: [logged("network", { startedAt: ONSET + 8 * SECOND })] }),
    {},
  ],
  [
    "I1",
    "changed-by-person",
    facts({
      activity: [
        logged("key", {
          startedAt: ONSET - HOUR,
          ended: { at: ONSET - 15 * MINUTE, how: "badly" },
        }),
      ],
    }),
    {},
  ],
  [
    "I1",
    "changed-by-person",
    facts({
      activity: [logged("scale", { startedAt: ONSET - HOUR })],
      primaryWork: {
        operation: null,
        readyAt: NOW,
        busy: { afterReadyAt: ONSET - HOUR + 2 * MINUTE, until: ONSET - 15 * MINUTE },
      },
    }),
    {},
  ],
  ...CHANGES.map((change): [string, string, Facts, object] => [
    "I1",
    "changed-by-person",
    facts({ activity: [change] }),
    {},
  ]),
  ["I5", "target-in-undo", facts({ undoRefusedAt: NOW - 30 * MINUTE + 1 }), {}],
  ["I1", "denied", facts({ deniedAt: NOW - HOUR }), {}],
  [
    "I1",
    "operation-on-primary",
    facts({
      activity: [logged("scale", { startedAt: NOW - 4 * HOUR })],
      primaryWork: { operation: null, readyAt: NOW - 4 * HOUR },
    }),
    {},
  ],
  [
    "I1",
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

describe("checkDecision()", () => {
  test("on every limit an act is sound", () =>
    expect(checkDecision(act(), facts(), policy())).toEqual({ kind: "sound" }));

  test.each(BREACHES)("%s refuses: %s", (invariant, because, given, change) =>
    expect(checkDecision(act(), given, policy(change))).toEqual({
      kind: "unsound",
      invariant,
      because,
    }),
  );

  test.each(BREACHES)("%s (%s) refuses nothing that does not act", (_, __, given, change) =>
    expect(checkDecision(act({ verdict: "ask", kind: null }), given, policy(change)).kind).toBe(
      "sound",
    ),
  );

  test("an act without a kind is refused", () =>
    expect(checkDecision(act({ kind: null }), facts(), policy())).toEqual({
      kind: "unsound",
      invariant: "I1",
      because: "no-kind",
    }));

  test("a person lifts the liftable and nothing else", () => {
    const accepts = ["sign-of-life", "no-majority", "paused"] as const;
    const given = { call: call({ accepts: [...accepts] }) };
    expect(checkDecision(act(), peace(given), policy()).kind).toBe("sound");
    expect(checkDecision(act(), peace({ ...given, pause: [pause] }), policy())).toMatchObject({
      because: "paused",
    });
  });

  test("an approval of a smaller loss does not lift the budget", () => {
    const loss = { kind: "bounded", atMostMs: 60_000, database: "orders" } as const;
    const withBand = (lossAtMostMs: number) => {
      const approvals = [approval({ guards: ["loss-over-budget"], lossAtMostMs })];
      return checkDecision(act(), facts({ loss, approvals }), policy()).kind;
    };
    expect([withBand(60_000), withBand(59_999)]).toEqual(["sound", "unsound"]);
  });

  test("an approval that was told of no loss, or of less, lifts nothing for what may lose more", () => {
    const loss = { kind: "bounded", atMostMs: 2, database: "orders" } as const;
    const lastRoleChange = { kind: "known", at: NOW } as const;
    const check = (lossAtMostMs: number | null, kind: "forced" | "planned" = "forced") => {
      const approvals = [approval({ guards: ["cooldown"], lossAtMostMs })];
      const given = facts({ approvals, lastRoleChange, loss });
      return checkDecision(act({ kind }), given, policy());
    };
    expect(check(2)).toEqual({ kind: "sound" });
    for (const less of [null, 1]) expect(check(less)).toMatchObject({ because: "cooldown" });
    expect(check(null, "planned")).toEqual({ kind: "sound" });
  });

  test("nor does an override of a loss that names none, however little would be lost", () => {
    const given = facts({
      loss: { kind: "bounded", atMostMs: 1, database: "orders" },
      overrides: [
        {
          guard: "loss-over-budget",
          group: "orders-fog",
          incidentId: null,
          expectedPrimary: "home",
          lossAtMostMs: null,
          reason: "known to be stale",
          actor: { name: "ada@example.net", proof: "claimed" },
          madeAt: NOW,
          expiresAt: NOW + 1,
        },
      ],
    });
    expect(checkDecision(act(), given, policy({ lossBudgetMs: 0 }))).toMatchObject({
      because: "loss-over-budget",
    });
  });

  test("nobody has approved who approved another diagnosis, or what loses nothing, or called for the way home", () => {
    const byPerson = policy({ mode: "approve" });
    expect(checkDecision(act(), facts({ approvals: [approval()] }), byPerson).kind).toBe("sound");
    for (const given of [
      facts({ approvals: [approval({ diagnosis: "instance-loss" })] }),
      facts({ approvals: [approval({ kind: "planned" })] }),
      facts({ call: call({ purpose: "fail-back" }) }),
    ]) {
      expect(checkDecision(act(), given, byPerson)).toMatchObject({ because: "nobody-approved" });
    }
  });

  test("who approves may be without a vantage in the primary's region", () => {
    const outside = { mode: "approve", vantages: policy().vantages.slice(1) } as const;
    const given = facts({ approvals: [approval()] });
    expect(checkDecision(act(), given, policy(outside))).toEqual({ kind: "sound" });
  });

  test("who accepts that the key is denied is not told that the denial is old", () => {
    const keyPath = { kind: "denied", code: "AkvKeyDeleted", ageMs: HOUR } as const;
    const given = facts({ keyPath, call: call({ kind: "forced", accepts: ["key-denied"] }) });
    expect(checkDecision(act(), given, policy())).toEqual({ kind: "sound" });
  });

  test("what is refused becomes a hold that names the invariant", () => {
    const check = checkDecision(act(), facts({ pause: [pause] }), policy());
    expect(refuseUnsound(act(), check)).toMatchObject({
      rule: "refused-by-check",
      verdict: "hold",
      kind: null,
      waitingFor: [{ code: "paused", values: { invariant: "I8", refused: "made-up" } }],
    });
  });
});

describe("checkFailback()", () => {
  test("going home is planned, from away", () => {
    const planned = act({ kind: "planned", diagnosis: "none" });
    const check = (d: Decision, away = true) => checkFailback(d, failbackFacts({ away }), policy());
    expect(check(planned)).toEqual({ kind: "sound" });
    const refused = { kind: "unsound", invariant: "I10" };
    expect(check(act())).toEqual({ ...refused, because: "failback-forces" });
    expect(check(planned, false)).toEqual({ ...refused, because: "not-away" });
  });

  test("needs a person where failback is by approval", () => {
    const failback = { ...policy().failback, mode: "approve" } as const;
    const planned = act({ kind: "planned", diagnosis: "none" });
    expect(checkFailback(planned, failbackFacts(), policy({ failback }))).toMatchObject({
      because: "nobody-approved",
    });
  });
});
