import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Diagnosis } from "../../shared/domain/diagnosis.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import { chooseKind, isGray } from "../../shared/policy/evidence/choose-kind.ts";
import {
  call,
  facts,
  MINUTE,
  NOW,
  ONSET,
  outage,
  policy,
  SETTLED,
  sample,
  trouble,
} from "../support/facts.ts";

const onBudget = sample({ measuredAt: ONSET, lagSeconds: 30 });
const kindOf = (change: Partial<Facts> = {}, diagnosis: Diagnosis = "gray-writes") =>
  chooseKind(facts({ samples: [onBudget], ...change }), diagnosis, policy());

describe("chooseKind()", () => {
  test.each<[string, Partial<Facts>]>([
    ["caught up, its lag on budget at the onset", {}],
    [
      "caught up, in other letters",
      { groupState: { ...SETTLED, replication: replicationOf("catchup") } },
    ],
    ["synchronizing", { groupState: { ...SETTLED, replication: replicationOf("Synchronizing") } }],
    [
      "with a lag from two minutes before the onset",
      { samples: [{ ...onBudget, measuredAt: ONSET - 2 * MINUTE }] },
    ],
    [
      "whose newest lag is on budget",
      { samples: [sample({ measuredAt: ONSET - 1, lagSeconds: 99 }), onBudget] },
    ],
    [
      "whose newest lag is on budget, listed first",
      { samples: [onBudget, sample({ measuredAt: ONSET - 1, lagSeconds: 99 })] },
    ],
    ["with two databases on budget", { samples: [onBudget, { ...onBudget, database: "users" }] }],
  ])("a gray primary %s gets a planned attempt", (_, change) => {
    expect(kindOf(change)).toBe("planned");
    expect(kindOf(change, "gray-latency")).toBe("planned");
    expect(kindOf(change, "instance-loss")).toBe("forced");
  });

  test.each<[string, Partial<Facts>]>([
    ["in a state that nobody could read", { groupState: { kind: "unknown", because: "429" } }],
    ["suspended", { groupState: { ...SETTLED, replication: replicationOf("SUSPENDED") } }],
    [
      "in a state that only begins so",
      { groupState: { ...SETTLED, replication: replicationOf("CATCH_UP_PENDING") } },
    ],
    [
      "in a state that only ends so",
      { groupState: { ...SETTLED, replication: replicationOf("NOT_SYNCHRONIZING") } },
    ],
    ["without an onset", { outage: outage({ onsetAt: null }) }],
    ["without a sample", { samples: [] }],
    ["with a lag over budget", { samples: [{ ...onBudget, lagSeconds: 30.001 }] }],
    ["with a lag that nobody knows", { samples: [{ ...onBudget, lagSeconds: null }] }],
    ["with a lag too old", { samples: [{ ...onBudget, measuredAt: ONSET - 2 * MINUTE - 1 }] }],
    ["with a lag from after the onset", { samples: [{ ...onBudget, measuredAt: ONSET + 1 }] }],
    [
      "whose newest lag is over budget",
      {
        samples: [
          { ...onBudget, measuredAt: ONSET - 1 },
          { ...onBudget, lagSeconds: 31 },
        ],
      },
    ],
    [
      "with one database of two over budget",
      { samples: [onBudget, { ...onBudget, database: "users", lagSeconds: 31 }] },
    ],
    [
      "with one database of two measured too late",
      { samples: [onBudget, { ...onBudget, database: "users", measuredAt: ONSET + 1 }] },
    ],
    [
      "after a planned attempt that failed",
      { attempt: { kind: "ended-in-error", code: "x", timedOutForDatabase: false, endedAt: NOW } },
    ],
  ])("a gray primary %s gets none", (_, change) => expect(kindOf(change)).toBe("forced"));

  test("trouble that was answered lately goes by a planned one, but where Azure would refuse it", () => {
    const outageSeen = outage({ trouble: trouble({ answeredAt: NOW - MINUTE }) });
    const kinds = ["CATCH_UP", "PENDING", "SUSPENDED"].map((said) => {
      const groupState = { ...SETTLED, replication: replicationOf(said) };
      return kindOf({ groupState, outage: outageSeen }, "trouble");
    });
    expect(kinds).toEqual(["planned", "planned", "forced"]);
  });

  test("what comes and goes, or is lost in part, goes by a planned failover", () => {
    expect(kindOf({ samples: [] }, "flapping")).toBe("planned");
    expect(kindOf({ samples: [] }, "partial-loss")).toBe("planned");
    expect(kindOf({ samples: [] }, "path")).toBe("forced");
  });

  test("a person's call says what kind it wants", () => {
    expect(kindOf({ call: call({ kind: "forced" }) })).toBe("forced");
    expect(kindOf({ call: call({ kind: "planned" }) }, "regional-loss")).toBe("planned");
    expect(kindOf({ call: call({ kind: "forced", purpose: "fail-back" }) })).toBe("planned");
  });

  test("gray are those that still answer logins", () =>
    expect((["gray-writes", "gray-latency", "path", "none"] as const).map(isGray)).toEqual([
      true,
      true,
      false,
      false,
    ]));
});
