import type { FailbackFacts } from "../../shared/domain/facts.ts";
import { call, failbackFacts, HOUR, logged, look, MINUTE, NOW, policy } from "./facts.ts";
import { OPEN, type Sides, SPENT, UPDATING } from "./rule-sides.ts";

const home = policy().failback;
const back = (change: Parameters<typeof call>[0] = {}) => call({ purpose: "fail-back", ...change });
const cooling = { lastRoleChange: { kind: "known", at: NOW - policy().cooldownMs + 1 } } as const;

export const FAILBACK_SIDES: readonly Sides<FailbackFacts>[] = [
  {
    rule: "failover-by-other",
    decides: failbackFacts(
      {},
      { activity: [logged("failover", { startedAt: NOW - 30 * MINUTE + 1 })] },
    ),
    not: failbackFacts({}, { activity: [logged("failover", { startedAt: NOW - 30 * MINUTE })] }),
  },
  {
    rule: "roles-moved",
    decides: failbackFacts({}, { movedByOtherAt: 0 }),
    not: failbackFacts(),
  },
  {
    rule: "claim-open",
    decides: failbackFacts({}, { claim: OPEN }),
    not: failbackFacts({}, { claim: SPENT }),
  },
  {
    rule: "planned-running",
    decides: failbackFacts({}, { attempt: { kind: "running", sinceMs: 0 } }),
    not: failbackFacts(),
  },
  { rule: "not-away", decides: failbackFacts({ away: false }), not: failbackFacts() },
  {
    rule: "call-would-force",
    decides: failbackFacts({}, { call: back({ kind: "forced" }) }),
    not: failbackFacts({}, { call: back() }),
  },
  {
    rule: "call-guard-absolute",
    decides: failbackFacts({}, { call: back(), secondary: UPDATING }),
    not: failbackFacts({}, { call: back({ expiresAt: NOW }), secondary: UPDATING }),
  },
  {
    rule: "call-in-observe",
    decides: failbackFacts({}, { call: back() }),
    not: failbackFacts({}, { call: back() }),
    policy: { mode: "observe" },
    otherwise: { mode: "approve" },
  },
  {
    rule: "call-guard-not-accepted",
    decides: failbackFacts({}, { call: back(), ...cooling }),
    not: failbackFacts(
      {},
      { call: back(), lastRoleChange: { kind: "known", at: NOW - policy().cooldownMs } },
    ),
  },
  {
    rule: "call-at-wrong-site",
    decides: failbackFacts({}, { call: back(), site: "neu" }),
    not: failbackFacts({}, { call: back(), site: "sec" }),
  },
  {
    rule: "call-accepted",
    decides: failbackFacts({}, { call: back() }),
    not: failbackFacts({}, { call: call() }),
  },
  {
    rule: "failback-off",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { failback: { ...home, mode: "off" } },
    otherwise: { failback: home },
  },
  {
    rule: "primary-in-trouble",
    decides: failbackFacts({}, { looks: [look("sec", { target: "partner" })] }),
    not: failbackFacts({}, { looks: [look("sec", { target: "home" })] }),
  },
  {
    rule: "home-not-healthy",
    decides: failbackFacts({ healthySinceAt: null }),
    not: failbackFacts({ healthySinceAt: 0 }),
  },
  {
    rule: "soak",
    decides: failbackFacts({ healthySinceAt: NOW - 2 * HOUR + 1 }),
    not: failbackFacts({ healthySinceAt: NOW - 2 * HOUR }),
  },
  { rule: "window-closed", decides: failbackFacts({ windowOpen: false }), not: failbackFacts() },
  {
    rule: "absolute-guard",
    decides: failbackFacts({}, { secondary: UPDATING }),
    not: failbackFacts(),
  },
  {
    rule: "observe",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { mode: "observe" },
    otherwise: { mode: "automatic" },
  },
  {
    rule: "lag",
    decides: failbackFacts({ lagSeconds: 30.001 }),
    not: failbackFacts({ lagSeconds: 30 }),
  },
  {
    rule: "cooling-down",
    decides: failbackFacts({}, cooling),
    not: failbackFacts({}, { ...cooling, capacityAtTarget: "unknown" }),
  },
  {
    rule: "guard",
    decides: failbackFacts({}, { ...cooling, capacityAtTarget: "unknown" }),
    not: failbackFacts({}, { ...cooling, capacityAtTarget: "ready" }),
  },
  {
    rule: "failback-approve",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { failback: { ...home, mode: "approve" } },
    otherwise: { failback: home },
  },
  {
    rule: "failback-approve",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { mode: "approve" },
    otherwise: { mode: "automatic" },
  },
  {
    rule: "site-in-primary-region",
    decides: failbackFacts({}, { site: "neu" }),
    not: failbackFacts(),
  },
  {
    rule: "home-again",
    decides: failbackFacts({ healthySinceAt: NOW - 2 * HOUR }),
    not: failbackFacts({ healthySinceAt: NOW - 2 * HOUR + 1 }),
  },
];
