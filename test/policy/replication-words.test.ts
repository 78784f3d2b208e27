// What the group may say of its replication, all else being clear.

import { expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import { decide } from "../../shared/policy/decide.ts";
import { facts, grayFacts, policy, SETTLED } from "../support/facts.ts";

test.each(["PENDING", "", "Reversing", "CATCH_UP_PENDING"])(
  "a group that says %o of its replication is asked about, never acted on",
  (word) => {
    const groupState = { ...SETTLED, replication: replicationOf(word) };
    for (const given of [facts({ groupState }), grayFacts({ groupState })]) {
      const { decision } = decide(given, policy());
      expect(decision.verdict).toBe("ask");
      expect(decision.guards.filter(({ state }) => state === "closed")).toMatchObject([
        { guard: "replication-unclear" },
      ]);
    }
  },
);

test.each<[string, Facts["groupState"], object[]]>([
  [
    "suspended, in Azure's own word",
    { ...SETTLED, replication: replicationOf("Suspended") },
    [{ code: "replication-suspended", values: { state: "Suspended" } }],
  ],
  ["nothing of a link that follows", SETTLED, []],
  ["nothing of a link that nobody could read", { kind: "unknown", because: "429" }, []],
])("who is asked is told why no planned failover goes: %s", (_, groupState, told) => {
  const keyPath = { kind: "denied", code: "AkvKeyDisabled", ageMs: 0 } as const;
  const { decision } = decide(facts({ groupState, keyPath }), policy());
  expect(decision).toMatchObject({ rule: "key-denied", verdict: "ask" });
  const approval = { code: "approval", values: {} };
  expect(decision.waitingFor.slice(0, 1 + told.length)).toEqual([approval, ...told]);
  expect(decision.waitingFor.filter(({ code }) => code === "replication-suspended")).toEqual(told);
});

const ruleOf = (given: Facts) => decide(given, policy()).decision.rule;

test.each(["Failing over", "FailoverInProgress", "Failover in progress"])(
  "a group that says %o of itself is another's failover, or ours that is out",
  (word) => {
    const groupState = { ...SETTLED, replication: replicationOf(word) };
    expect(ruleOf(facts({ groupState }))).toBe("failover-by-other");
    const claim = {
      kind: "open",
      state: "sent",
      epoch: 2,
      failover: "forced",
      sinceMs: 0,
    } as const;
    expect(ruleOf(facts({ groupState, claim }))).toBe("claim-open");
  },
);
