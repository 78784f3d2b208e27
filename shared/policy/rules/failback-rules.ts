import type { FailbackFacts } from "../../domain/facts.ts";
import { actsFromPrimaryRegion } from "./call-rules.ts";
import { ABSOLUTE_GUARD, OBSERVE } from "./never-rules.ts";
import { type Case, closedReasons, hasClosed, type Rule, reason, votes } from "./rule.ts";

export interface FailbackCase extends Case {
  readonly failback: FailbackFacts;
}

/** Going home without a person's call: nothing presses, so everything must be right. */
export const FAILBACK_RULES: readonly Rule<FailbackCase>[] = [
  // Before primary-in-trouble: what is off waits for nothing.
  // Before failback-approve: nor is anybody asked.
  {
    id: "failback-off",
    verdict: "hold",
    says: "failback is off",
    when: ({ policy }) => policy.failback.mode === "off",
    because: () => [reason("failback-mode", { mode: "off" })],
  },
  // Before home-not-healthy: the side that serves comes before the side to go to.
  {
    id: "primary-in-trouble",
    verdict: "hold",
    says: "somebody votes the present primary down, or sees part of it lost: that comes first",
    when: ({ judgement }) => judgement.down > 0 || judgement.partialMajority,
    because: (c) => [votes(c), reason("databases", { lost: c.judgement.failedDatabases.length })],
  },
  // Before soak: what is not healthy has no age.
  // Before home-again: with a soak of zero this alone holds.
  {
    id: "home-not-healthy",
    verdict: "hold",
    says: "the home side is not healthy and protected",
    when: ({ failback }) => failback.healthySinceAt === null,
    because: () => [reason("home-healthy")],
  },
  // Before window-closed: a window that opens in between would not help.
  {
    id: "soak",
    verdict: "hold",
    says: "the home side has not been healthy for long enough",
    when: (c) => healthyMs(c) < c.policy.failback.soakMs,
    because: (c) => [
      reason("soak", { healthyMs: healthyMs(c), neededMs: c.policy.failback.soakMs }),
    ],
  },
  // Before absolute-guard: outside the window a guard is nobody's concern.
  // Before guard, failback-approve: nor is anybody asked outside it.
  {
    id: "window-closed",
    verdict: "hold",
    says: "the failback window is closed",
    when: ({ failback }) => !failback.windowOpen,
    because: ({ failback }) => [reason("window", { opensAt: failback.windowOpensAt })],
  },
  ABSOLUTE_GUARD,
  OBSERVE,
  // Before cooling-down: a planned failover that may not end is the worse obstacle.
  // Before failback-approve: nobody is asked for one that may not end.
  {
    id: "lag",
    verdict: "hold",
    says: "the home side lags, or nobody knows how much: a planned failover might not end",
    when: (c) => !lagIsSmall(c),
    because: ({ failback, policy }) => [
      reason("lag", { lagSeconds: failback.lagSeconds, budgetMs: policy.lossBudgetMs }),
    ],
  },
  // Before guard: nobody is asked to lift what lifts itself.
  {
    id: "cooling-down",
    verdict: "hold",
    says: "only the cooldown is in the way, and that ends by itself",
    when: (c) =>
      hasClosed(c, "liftable") &&
      c.guards.every(({ state, guard }) => state !== "closed" || guard === "cooldown"),
    because: closedReasons,
  },
  // Before failback-approve: the ask names what has to be accepted.
  {
    id: "guard",
    verdict: "ask",
    says: "a closed guard that only a person may lift",
    when: (c) => hasClosed(c, "liftable"),
    because: closedReasons,
  },
  // Before site-in-primary-region: a site that may not act may ask.
  {
    id: "failback-approve",
    verdict: "ask",
    says: "going home needs an approval",
    when: ({ approved, policy }) =>
      !approved && (policy.failback.mode === "approve" || policy.mode === "approve"),
    because: ({ policy }) => [
      reason("failback-mode", { mode: policy.failback.mode, group: policy.mode }),
    ],
  },
  // Before home-again: the last row before the one that acts.
  {
    id: "site-in-primary-region",
    verdict: "hold",
    says: "this site is in the primary's own region: another must act",
    when: actsFromPrimaryRegion,
    because: ({ facts }) => [reason("site", { site: facts.site, region: facts.primaryRegion })],
  },
  // Before otherwise: that one never acts.
  {
    id: "home-again",
    verdict: "fail-over",
    says: "home has soaked, the window is open, and no guard is closed: planned failover home",
    when: (c) =>
      c.failback.away && c.failback.windowOpen && c.guards.every((g) => g.state !== "closed"),
    because: (c) => [reason("soak", { healthyMs: healthyMs(c) })],
  },
];

function healthyMs({ failback, facts }: FailbackCase): number {
  return failback.healthySinceAt === null ? 0 : facts.now - failback.healthySinceAt;
}

function lagIsSmall({ failback: { lagSeconds }, policy }: FailbackCase): boolean {
  return lagSeconds !== null && lagSeconds * 1000 <= policy.lossBudgetMs;
}
