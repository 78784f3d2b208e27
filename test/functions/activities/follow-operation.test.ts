// Following a request: what Azure says of the operation, what the target side says, and when people hear of it.

import { beforeEach, describe, expect, test } from "vitest";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import type { App } from "../../../functions/app.ts";
import { replicationOf } from "../../../shared/azure/replication.ts";
import type { Claim } from "../../../shared/domain/claim.ts";
import { changeClaim, sendClaim, spendClaim } from "../../../shared/ledger/claims.ts";
import type { GroupReading, PollAnswer } from "../../../shared/ports/failover-groups.ts";
import { type Bench, type Claimed, claimFirst, startBench } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../../support/stored.ts";

describe("following a request", () => {
  let bench: Bench;
  let claimed: Claimed;
  let sentAt: number;
  /** A claim that is sent, of which Azure knows nothing: what is heard of it is this test's word. */
  beforeEach(async () => {
    bench = await startBench();
    claimed = await claimFirst(bench);
    sentAt = bench.clock.now();
    await bench.run(sendClaim(store(), { epoch: claimed.epoch, holder: "neu" }, sentAt));
  });

  function store() {
    return bench.neu.stores.of(bench.group).target("home");
  }

  const change = (to: Partial<Claim>) =>
    bench.run(changeClaim(store(), claimed.epoch, (row) => ({ ...row, ...to })));

  /** The same site, to which the operation's ticket says this. */
  function hearing(answer: PollAnswer): App {
    const { neu } = bench;
    const failoverGroups = { ...neu.ports.failoverGroups, poll: async () => answer };
    return { ...neu, ports: { ...neu.ports, failoverGroups } };
  }

  const failed = (code: string) =>
    hearing({ kind: "failed", errorClass: "unknown", code, message: "it failed" });

  const poll = (app = bench.neu, epoch = claimed.epoch) =>
    bench.run(createPollOperation(app)({ ...claimed.work, epoch }));

  const running = (retryAfterMs: number) => hearing({ kind: "running", retryAfterMs });

  test("it runs: asked again when Azure says so: the motor caps it", async () => {
    await change({ ticket: "https://poll.example.net/1" });
    expect(await poll(running(7 * SECOND))).toMatchObject({ pollAfterMs: 7 * SECOND });
    expect(await poll(running(20 * SECOND))).toMatchObject({ pollAfterMs: 20 * SECOND });
    expect(await poll(running(90 * SECOND))).toMatchObject({ pollAfterMs: 90 * SECOND });
    expect(claimIn(bench.world)).toMatchObject({ state: "sent", quietSinceAt: null });
  });

  test("it runs for long: an alarm after two minutes, and another every ten from the request on", async () => {
    await change({ ticket: "https://poll.example.net/1" });
    const slowAfter = async (ms: number): Promise<unknown> => {
      await change({ sentAt: bench.clock.now() - ms });
      const answer = await poll(running(SECOND));
      return answer.kind === "running" ? answer.slow : answer;
    };
    expect(await slowAfter(2 * MINUTE - SECOND)).toBeNull();
    expect(await slowAfter(2 * MINUTE)).toBe(0);
    expect(await slowAfter(10 * MINUTE - SECOND)).toBe(0);
    expect(await slowAfter(10 * MINUTE)).toBe(1);
    expect(await slowAfter(30 * MINUTE)).toBe(3);
  });

  test("it failed: the claim is spent with Azure's code, and the audit has both", async () => {
    await change({ ticket: "https://poll.example.net/1" });
    const code = "InstanceFailoverGroupBusy";
    expect(await poll(failed(code))).toEqual({ kind: "ended", code });
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "ended-in-error", code });
    expect(incidentIn(bench.world)).toMatchObject({ plannedEndedAt: null });
    const [line] = auditIn(bench.world).filter(({ action }) => action === "claim-ended-in-error");
    expect(line?.detail).toMatchObject({ code });
  });

  test("a planned one failed: from when, and with which code, stands in its incident", async () => {
    await change({ ticket: "https://poll.example.net/1", kind: "planned" });
    const code = "PlannedFailoverTimedOut";
    await poll(failed(code));
    const { plannedEndedAt, plannedEndedCode } = incidentIn(bench.world) ?? {};
    expect(plannedEndedCode).toBe(code);
    expect(plannedEndedAt).toBeGreaterThanOrEqual(sentAt);
  });

  test.each<PollAnswer>([{ kind: "succeeded" }, { kind: "unknown", because: "not-found" }])(
    "it is said to be $kind, and the roles have not moved: that is not taken for its end",
    async (answer) => {
      await change({ ticket: "https://poll.example.net/1" });
      expect(await poll(hearing(answer))).toEqual({
        kind: "running",
        pollAfterMs: 10 * SECOND,
        slow: null,
      });
      expect(claimIn(bench.world)).toMatchObject({ state: "sent", quietBy: "neu" });
      expect(claimIn(bench.world)?.quietSinceAt).toBeGreaterThanOrEqual(sentAt);
    },
  );

  test("something runs on the target side: its quiet time begins anew", async () => {
    await poll();
    expect(claimIn(bench.world)?.quietSinceAt).not.toBeNull();
    bench.world.inject({ fault: "operation-running", on: "partner", name: "Scale", at: 0 });
    expect(await poll()).toMatchObject({ kind: "running" });
    expect(claimIn(bench.world)?.quietSinceAt).toBeNull();
  });

  test("nobody says what the roles are: that is no quiet time", async () => {
    await poll();
    bench.world.inject({ fault: "arm-down", at: 0 });
    expect(await poll()).toMatchObject({ kind: "running" });
    expect(claimIn(bench.world)?.quietSinceAt).toBeNull();
  });

  /** The same site, to which the region of the target says this of the group. */
  function seeing(change: Partial<Extract<GroupReading, { kind: "read" }>> | "unknown"): App {
    const { neu } = bench;
    const groups = neu.ports.failoverGroups;
    const read: typeof groups.read = async (...of) => {
      if (change === "unknown") return { kind: "unknown", because: "no-answer" };
      const reading = await groups.read(...of);
      return reading.kind === "read" ? { ...reading, ...change } : reading;
    };
    return { ...neu, ports: { ...neu.ports, failoverGroups: { ...groups, read } } };
  }

  test("a group that moves, whose role nobody knows or tells, is not quiet, however little else runs", async () => {
    for (const [said, isQuiet] of [
      [{ replication: replicationOf("SEEDING") }, true],
      [{ replication: replicationOf("FailoverInProgress") }, false],
      [{ role: "unknown" }, false],
      ["unknown", false],
    ] as const) {
      await poll();
      expect(claimIn(bench.world)?.quietSinceAt).not.toBeNull();
      await poll(seeing(said));
      expect(claimIn(bench.world)?.quietSinceAt !== null).toBe(isQuiet);
    }
  });

  test("quiet for two minutes by this clock, set back meanwhile: counted from where it stands now", async () => {
    await change({ quietBy: "neu", quietSinceAt: bench.clock.now() + MINUTE });
    expect(await poll()).toMatchObject({ kind: "running" });
    expect(claimIn(bench.world)?.quietSinceAt).toBeLessThanOrEqual(bench.clock.now());
    await bench.pass(2 * MINUTE);
    expect(await poll()).toEqual({ kind: "not-moved" });
  });

  test("its claim was spent before: that is said, with why, and nothing is asked", async () => {
    await bench.run(spendClaim(store(), claimed.epoch, { because: "refused", at: sentAt }));
    expect(await poll()).toEqual({ kind: "spent-already", because: "refused" });
    expect(await poll(bench.neu, claimed.epoch + 1)).toEqual({
      kind: "spent-already",
      because: "claim-replaced",
    });
  });

  test("nothing was ever claimed: that is said", async () => {
    bench.world.stores.get("neu")?.parts.get(`${GROUP}/claim`)?.clear();
    expect(await poll()).toEqual({ kind: "spent-already", because: "claim-replaced" });
  });

  test("its claim cannot be read: nobody guesses how it ended", async () => {
    damageRow(bench.world, "neu", { group: GROUP, kind: "claim", id: "newest" }, "garbage");
    await expect(poll()).rejects.toThrow(`Cannot follow ${GROUP}: its claim cannot be read`);
  });
});
