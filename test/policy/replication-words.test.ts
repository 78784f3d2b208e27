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
