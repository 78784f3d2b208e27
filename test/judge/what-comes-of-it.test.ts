import { describe, expect, test } from "vitest";
import { DEAD, GRAY, happens, UP } from "./incident.ts";

const NARRATED = {
  activity_log: "planned_failover:orchestrator",
  fog_status: "FailoverInProgress",
};
const TIMED_OUT = {
  activity_log: "planned_failover_failed:PlannedFailoverTimedOut:orchestrator",
  fog_status: "Synchronizing",
};

describe("a lost region", () => {
  test("is failed over once the grace is over, by a forced request to B", async () => {
    const { result, trace } = await happens({ 60: DEAD });
    expect(result).toMatchObject({ decision: "failover", mode: "forced", rule: "primary-lost" });
    expect(result.atMs).toBeGreaterThanOrEqual(360_000);
    expect(result.atMs).toBeLessThan(390_000);
    expect(trace.posts).toMatchObject([{ from: "B", target: "B", answer: "accepted" }]);
    expect(trace.moves).toMatchObject([{ to: "B" }]);
  });

  test("is nobody's business in observe mode", async () => {
    const { result } = await happens({ 60: DEAD }, { config: { mode: "observe" } });
    expect(result).toMatchObject({ decision: "never", rule: "observe", atMs: null });
  });

  test("that answers outside of SQL is a path that is broken, and a person is asked", async () => {
    const { result } = await happens({ 60: { ...DEAD, "home_ref@C": "ok" } });
    expect(result).toMatchObject({ decision: "hold_for_approval", diagnosis: "path" });
  });

  test.for([
    ["a Microsoft-managed policy", { failover_policy: "microsoft_managed" }],
    ["a smaller secondary", { secondary_sku: "GP_4" }],
    ["missing capacity", { require_app_capacity: true }],
  ] as const)("is not left to %s unasked", async ([, config]) => {
    const at = { 60: { ...DEAD, "app_capacity@B": "not_ready" } };
    const { result } = await happens(at, { config, durationS: 420 });
    expect(result).toMatchObject({ decision: "hold_for_approval", rule: "guard" });
  });

  test.for([
    ["failover", { orchestrator: "token_cached_valid_until:3000" }],
    ["never", { orchestrator: "token_cached_valid_until:200" }],
    ["never", {}],
  ] as const)(
    "can be left with a token that was kept, not without: %s",
    async ([decision, token]) => {
      const at = { 60: { ...DEAD, identity: "timeout", ...token } };
      expect((await happens(at, { durationS: 420 })).result.decision).toBe(decision);
    },
  );

  test("is asked for again after a refusal, by a new request each time", async () => {
    const at = {
      60: { ...DEAD, arm_secondary: "InstanceFailoverGroupBusy" },
      420: { arm_secondary: "Ready" },
    };
    const { result, trace } = await happens(at);
    expect(result).toMatchObject({ decision: "failover", mode: "forced" });
    expect(result.atMs).toBe(trace.posts[0]?.atMs);
    expect(trace.posts.length).toBeGreaterThan(2);
    expect(trace.posts.filter(({ answer }) => answer === "accepted")).toHaveLength(1);
  });

  test("is seen by whoever is left when the leading site is silent", async () => {
    const at = {
      60: {
        "tds_primary@A": "timeout",
        "tds_primary@B": "silent",
        "tds_primary@C": "timeout",
        "ref_probe@B": "silent",
        "write_canary@A": "timeout",
        app_e2e: 0,
        repl_lag_s: "unknown",
      },
    };
    expect((await happens(at)).trace.posts).toMatchObject([{ from: "C", kind: "forced" }]);
  });
});

describe("a gray failure", () => {
  test("that a planned failover of ours could not end is forced after it", async () => {
    const { result, trace } = await happens(
      { 120: GRAY, 740: NARRATED, 860: TIMED_OUT },
      { durationS: 1_200 },
    );
    expect(result).toMatchObject({ decision: "failover", mode: "planned_then_forced" });
    expect(trace.posts.map(({ kind }) => kind)).toEqual(["planned", "forced"]);
    expect(trace.posts[1]?.atMs).toBeGreaterThanOrEqual(920_000);
  });

  test("whose end is told without a who is over, while no other runs", async () => {
    const nameless = {
      ...TIMED_OUT,
      activity_log: "planned_failover_failed:PlannedFailoverTimedOut",
    };
    const at = { 120: GRAY, 740: NARRATED, 860: nameless };
    const named = await happens({ ...at, 860: TIMED_OUT }, { durationS: 1_200 });
    const { trace } = await happens(at, { durationS: 1_200 });
    expect(trace.posts).toEqual(named.trace.posts);
  });

  test("that is over by then is not escalated", async () => {
    const { result, trace } = await happens(
      { 120: GRAY, 740: NARRATED, 860: TIMED_OUT, 880: UP },
      { durationS: 1_500 },
    );
    expect(result).toMatchObject({ decision: "abort", mode: "cancel_escalation" });
    expect(result.atMs).toBeGreaterThanOrEqual(860_000);
    expect(trace.posts.map(({ kind }) => kind)).toEqual(["planned"]);
  });

  test("that our planned failover ends is no failover by others", async () => {
    const moved = { fog_primary: "B", fog_status: "Synchronizing", dns_listener: "B", ...UP };
    const at = { 120: GRAY, 720: NARRATED, 780: moved };
    const { result, trace } = await happens(at, { durationS: 900 });
    expect(result).toMatchObject({ decision: "failover", mode: "planned_then_forced" });
    expect(trace.moves).toMatchObject([{ to: "B" }]);
  });
});

describe("others", () => {
  test("who fail over in the middle of it make us stand down", async () => {
    const { result, trace } = await happens({
      60: DEAD,
      200: { fog_status: "FailoverInProgress", activity_log: "failover:user@corp" },
    });
    expect(result).toMatchObject({ decision: "abort", mode: null, rule: "failover-by-other" });
    expect(result.atMs).toBeLessThan(230_000);
    expect(trace.posts).toEqual([]);
  });

  test("who fail over in peace are left alone", async () => {
    const { result } = await happens({
      300: { fog_status: "FailoverInProgress", activity_log: "planned_failover:user@corp" },
      360: { fog_status: "Synchronizing", fog_primary: "B", dns_listener: "B" },
    });
    expect(result.decision).toBe("never");
  });

  test("who changed the network just before are named in an ask", async () => {
    const { result } = await happens({
      30: { activity_log: "nsg_rule_write:user@corp" },
      60: DEAD,
    });
    expect(result).toMatchObject({ decision: "hold_for_approval", rule: "guard" });
  });
});

describe("a person", () => {
  const config = { mode: "approval" };

  test("who approves is obeyed", async () => {
    const { result, trace } = await happens({ 60: DEAD, 500: { operator: "approve" } }, { config });
    expect(result).toMatchObject({ decision: "failover", mode: "forced" });
    expect(result.atMs).toBeGreaterThanOrEqual(500_000);
    expect(trace.answers).toMatchObject([{ answer: "approve", status: 202 }]);
  });

  test("who made up their mind before approves the first ask that comes", async () => {
    const { result } = await happens({ 60: DEAD, 100: { operator: "approve" } }, { config });
    expect(result.decision).toBe("failover");
  });

  test("who denies is obeyed", async () => {
    const { result, trace } = await happens({ 60: DEAD, 500: { operator: "deny" } }, { config });
    expect(result.decision).toBe("hold_for_approval");
    expect(trace.answers).toMatchObject([{ answer: "deny", status: 200 }]);
    expect(trace.posts).toEqual([]);
  });

  test("who approves what nobody asks any more is refused, as of the withdrawal", async () => {
    const { result, trace } = await happens(
      { 60: DEAD, 480: UP, 700: { operator: "approve" } },
      { config, durationS: 720 },
    );
    expect(result).toMatchObject({ decision: "abort", mode: null });
    expect(result.atMs).toBe(trace.asks[0]?.withdrawnAtMs);
    // Two minutes after the first look that finds it well again.
    expect(result.atMs).toBeGreaterThan(600_000);
    expect(result.atMs).toBeLessThan(620_000);
    expect(trace.answers).toMatchObject([{ status: 410 }]);
  });
});

describe("this product itself", () => {
  test("refuses a work item that comes again", async () => {
    const { result, trace } = await happens({
      300: { orchestrator: "activity_redelivered(epoch7)" },
    });
    expect(result).toMatchObject({ decision: "abort", atMs: 300_000 });
    expect(trace.posts).toEqual([]);
  });

  test("sends nothing twice when a work item comes again in the middle of an incident", async () => {
    const at = { 60: DEAD, 200: { orchestrator: "activity_redelivered(epoch3)" } };
    const { trace } = await happens(at);
    expect(trace.redeliveries).toEqual([
      { atMs: 200_000, epoch: 3, outcome: "not-sent: claim-sent" },
    ]);
    expect(trace.posts).toHaveLength(1);
  });

  test("does nothing while it is stalled, and looks again before it acts", async () => {
    const at = { 60: DEAD, 200: { orchestrator: "stalled" }, 400: { orchestrator: "resumed" } };
    const { result, trace } = await happens(at, { durationS: 900 });
    expect(trace.decisions.filter(({ atMs }) => atMs > 200_000 && atMs < 400_000)).toEqual([]);
    expect(result.decision).toBe("failover");
    expect(result.atMs).toBeGreaterThan(460_000);
  });

  test("that has just failed over does not do so again within its cooldown", async () => {
    const at = {
      0: { fog_primary: "B", activity_log: "failover:orchestrator" },
      60: {
        "tds_primary@A": "timeout",
        "tds_primary@B": "timeout",
        "tds_primary@C": "timeout",
        "write_canary@A": "timeout",
        app_e2e: 0,
        repl_lag_s: "unknown",
      },
    };
    const { result } = await happens(at, { config: { initial_state: "failed_over_to_B" } });
    expect(result).toMatchObject({ decision: "hold_for_approval", rule: "guard" });
  });
});

describe("looks", () => {
  test("that fail now and then are noise", async () => {
    const noisy = {
      "tds_primary@A": "flaky:0.2",
      "tds_primary@B": "flaky:0.2",
      "tds_primary@C": "flaky:0.2",
    };
    expect((await happens({ 60: noisy })).result.decision).toBe("never");
  });

  test("that find part of the databases lost ask a person", async () => {
    const partial = {
      "tds_primary@A": "partial:2/5",
      "tds_primary@B": "partial:2/5_err:926",
      "tds_primary@C": "partial:2/5",
    };
    const { result } = await happens({ 60: partial });
    expect(result).toMatchObject({ decision: "hold_for_approval", diagnosis: "partial-loss" });
  });

  test("that are slow below the probe timeout are looks", async () => {
    const slow = {
      "tds_primary@A": "slow:7900",
      "tds_primary@B": "slow:7900",
      "tds_primary@C": "slow:7900",
    };
    expect((await happens({ 60: slow })).result.decision).toBe("never");
  });

  test("that a committed canary contradicts are life", async () => {
    const at = {
      60: { ...DEAD, "tds_primary@A": "timeout", "write_canary@A": "ok", "ref_probe@A": "ok" },
    };
    expect((await happens(at)).result).toMatchObject({ decision: "never", rule: "sign-of-life" });
  });
});
