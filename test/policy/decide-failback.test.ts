import { describe, expect, test } from "vitest";
import type { FailbackFacts } from "../../shared/domain/facts.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { decideHome } from "../../shared/policy/decide.ts";
import { FAILBACK_TABLE } from "../../shared/policy/rules/decide-failback.ts";
import {
  approval,
  call,
  failbackFacts,
  HOUR,
  look,
  NOW,
  policy,
  running,
  SECOND,
  stateOf,
} from "../support/facts.ts";

const home = policy().failback;
const back = (change: Partial<Parameters<typeof call>[0]> = {}) =>
  call({ purpose: "fail-back", ...change });
const silent = { sql: "silent", state: stateOf("Ready"), fitness: { kind: "fit" } } as const;
const down = { target: "partner" } as const;

const CASES: [string, FailbackFacts, Partial<Policy>][] = [
  ["failover-by-other", failbackFacts({}, { operation: running("failover", "other") }), {}],
  ["roles-moved", failbackFacts({}, { movedByOtherAt: NOW }), {}],
  [
    "claim-open",
    failbackFacts(
      {},
      { claim: { kind: "open", state: "intent", epoch: 2, failover: "planned", sinceMs: 1 } },
    ),
    {},
  ],
  ["planned-running", failbackFacts({}, { attempt: { kind: "running", sinceMs: SECOND } }), {}],
  ["not-away", failbackFacts({ away: false }), {}],
  ["call-would-force", failbackFacts({}, { call: back({ kind: "forced" }) }), {}],
  ["call-guard-absolute", failbackFacts({}, { call: back(), secondary: silent }), {}],
  ["call-in-observe", failbackFacts({}, { call: back() }), { mode: "observe" }],
  [
    "call-guard-not-accepted",
    failbackFacts({}, { call: back(), lastRoleChangeAt: NOW - HOUR + 1 }),
    {},
  ],
  ["call-at-wrong-site", failbackFacts({}, { call: back(), site: "neu" }), {}],
  ["call-accepted", failbackFacts({ windowOpen: false }, { call: back() }), {}],
  ["failback-off", failbackFacts(), { failback: { ...home, mode: "off" } }],
  ["primary-in-trouble", failbackFacts({}, { looks: [look("sec", down)] }), {}],
  ["home-not-healthy", failbackFacts({ healthySinceAt: null }), {}],
  ["soak", failbackFacts({ healthySinceAt: NOW - 2 * HOUR + 1 }), {}],
  ["window-closed", failbackFacts({ windowOpen: false }), {}],
  ["absolute-guard", failbackFacts({}, { secondary: silent }), {}],
  ["observe", failbackFacts(), { mode: "observe" }],
  ["lag", failbackFacts({ lagSeconds: 30.001 }), {}],
  ["cooling-down", failbackFacts({}, { lastRoleChangeAt: NOW - HOUR + 1 }), {}],
  [
    "guard",
    failbackFacts({}, { keyPath: { kind: "unknown", reason: "no-answer", because: "timeout" } }),
    {},
  ],
  ["failback-approve", failbackFacts(), { failback: { ...home, mode: "approve" } }],
  ["site-in-primary-region", failbackFacts({}, { site: "neu" }), {}],
  ["home-again", failbackFacts(), {}],
];

describe("decideHome()", () => {
  test.each(CASES)("%s", (rule, given, change) => {
    const row = FAILBACK_TABLE.find(({ id }) => id === rule);
    const { decision } = decideHome(given, policy(change));
    expect(decision).toMatchObject({ rule, verdict: row?.verdict });
    expect(decision.kind).toBe(row?.verdict === "fail-over" ? "planned" : null);
    if (decision.verdict === "hold") expect(decision.waitingFor).not.toEqual([]);
  });

  test("every rule but the last has a case, and the last never acts", () => {
    const ids = FAILBACK_TABLE.map(({ id }) => id);
    expect(CASES.map(([rule]) => rule)).toEqual(ids.slice(0, -1));
    expect(FAILBACK_TABLE.at(-1)?.verdict).toBe("hold");
  });

  test("a lag nobody knows is not a small one", () =>
    expect(decideHome(failbackFacts({ lagSeconds: null }), policy()).decision.rule).toBe("lag"));

  test("an approval to fail over is none to go home", () => {
    const approve = policy({ failback: { ...home, mode: "approve" } });
    const bound = { expectedPrimary: "partner", diagnosis: "none" } as const;
    const ruleWith = (purpose: "fail-over" | "fail-back") =>
      decideHome(failbackFacts({}, { approvals: [approval({ ...bound, purpose })] }), approve)
        .decision.rule;
    expect(ruleWith("fail-over")).toBe("failback-approve");
    expect(ruleWith("fail-back")).toBe("home-again");
  });

  test("an approval does not open the window", () => {
    const approvals = [
      approval({ purpose: "fail-back", expectedPrimary: "partner", diagnosis: "none" }),
    ];
    const given = failbackFacts({ windowOpen: false }, { approvals });
    expect(decideHome(given, policy()).decision.rule).toBe("window-closed");
  });
});
