import { beforeEach, describe, expect, test } from "vitest";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { changeClaim } from "../../../shared/ledger/claims.ts";
import { readOwn } from "../../../shared/ledger/group-ledger.ts";
import { lastRoleChangeIn } from "../../../shared/ledger/own-view.ts";
import { keepRoleChange } from "../../../shared/ledger/watches.ts";
import {
  type Bench,
  type Claimed,
  claimFirst,
  claimFor,
  lookUntil,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../../support/stored.ts";

describe("PollOperation", () => {
  let bench: Bench;
  let claimed: Claimed;
  beforeEach(async () => {
    bench = await startBench();
    claimed = await claimFirst(bench);
  });

  function poll(work = claimed.work) {
    return createPollOperation(bench.neu)({ ...work, epoch: claimed.epoch });
  }

  function send() {
    return createPostFailover(bench.neu)({ ...claimed.work, epoch: claimed.epoch });
  }

  test("before the request left: the claim is spent and can never be sent", async () => {
    expect(await bench.run(poll())).toEqual({ kind: "not-moved" });
    expect(await bench.run(send())).toMatchObject({ kind: "not-sent" });
    expect(bench.world.record.posts).toEqual([]);
  });

  test("claimed by a site that has fallen silent: left to it for a minute, then spent", async () => {
    const { takenAt } = claimIn(bench.world) ?? { takenAt: 0 };
    const work = await nextMotor(bench, { ...claimed.work, id: claimed.work.incidentId }, "sec");
    const standIn = () => createPollOperation(bench.sec)({ ...work, epoch: claimed.epoch });
    expect(await bench.run(standIn())).toMatchObject({ kind: "running" });
    await bench.pass(takenAt + 55 * SECOND - bench.clock.now());
    expect(await bench.run(standIn())).toMatchObject({ kind: "running" });
    expect(claimIn(bench.world)?.state).toBe("intent");
    await bench.pass(takenAt + 60 * SECOND - bench.clock.now());
    expect(await bench.run(standIn())).toEqual({ kind: "not-moved" });
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "not-sent" });
  });

  test.each([
    ["at this very moment", 0, "running"],
    ["a millisecond short of a minute ago", MINUTE - 1, "running"],
    ["a minute ago", MINUTE, "not-moved"],
    ["in the future, by a clock that is ahead", -SECOND, "not-moved"],
  ])("claimed by another site %s: left to it, or spent", async (_says, ageMs, kind) => {
    const work = await nextMotor(bench, { ...claimed.work, id: claimed.work.incidentId }, "sec");
    const store = bench.sec.stores.of(bench.group).target("home");
    const now = bench.clock.now();
    const clock = { ...bench.sec.ports.clock, now: () => now };
    const app = { ...bench.sec, ports: { ...bench.sec.ports, clock } };
    await bench.run(changeClaim(store, 1, (row) => ({ ...row, takenAt: now - ageMs })));
    const poll = createPollOperation(app)({ ...work, epoch: claimed.epoch });
    expect(await bench.run(poll)).toMatchObject({ kind });
  });

  test("side by side with the request: sent and followed, or spent and not sent", async () => {
    const [post] = await bench.run(Promise.all([send(), poll()]));
    expect(bench.world.record.posts).toHaveLength(post.kind === "sent" ? 1 : 0);
    expect(claimIn(bench.world)?.state).toBe(post.kind === "sent" ? "sent" : "spent");
  });

  test("twice while it runs: still running, nothing is spent", async () => {
    await bench.run(send());
    const both = await bench.run(Promise.all([poll(), poll()]));
    expect(both).toMatchObject([{ kind: "running" }, { kind: "running" }]);
    expect(claimIn(bench.world)?.state).toBe("sent");
  });

  test("twice after the roles moved: moved both times, written down once", async () => {
    await bench.run(send());
    await bench.pass(MINUTE);
    const both = await bench.run(Promise.all([poll(), poll()]));
    expect(both).toEqual([{ kind: "moved" }, { kind: "moved" }]);
    const movedAt = incidentIn(bench.world)?.phases.movedAt;
    await bench.pass(MINUTE);
    expect(await bench.run(poll())).toEqual({ kind: "moved" });
    expect(incidentIn(bench.world)?.phases.movedAt).toBe(movedAt);
    const moved = auditIn(bench.world).filter(({ action }) => action === "claim-moved");
    expect(moved).toHaveLength(1);
  });

  test("after the roles moved: this site knows the new primary, and since when, without a look", async () => {
    await bench.run(send());
    await bench.pass(MINUTE);
    await bench.run(poll());
    const view = await bench.run(readOwn(bench.neu.stores.of(bench.group)));
    const at = incidentIn(bench.world)?.phases.movedAt;
    expect(view.primary).toBe("partner");
    expect(lastRoleChangeIn(view)).toEqual({ kind: "known", at });
  });

  test("found again after somebody has moved the roles back: it moved, and who is primary now is not told anew", async () => {
    bench = await startBench();
    const down = { fault: "instance-down", on: "home", at: 0, for: 15 * MINUTE } as const;
    claimed = await claimFirst(bench, down);
    await bench.run(send());
    await bench.pass(MINUTE);
    await bench.run(poll());
    await bench.pass(15 * MINUTE);
    const ledger = bench.neu.stores.of(bench.group);
    const view = await bench.run(readOwn(ledger));
    await bench.run(keepRoleChange(view, { primary: "home", at: bench.clock.now() }));
    bench.world.inject({ fault: "other-failover", kind: "forced", at: 0, for: SECOND });
    await bench.pass(5 * MINUTE);
    expect(bench.world.record.roles.at(-1)).toMatchObject({ primary: "home", by: "other" });
    const before = lastRoleChangeIn(await bench.run(readOwn(ledger)));
    expect(await bench.run(poll())).toEqual({ kind: "moved" });
    expect(lastRoleChangeIn(await bench.run(readOwn(ledger)))).toEqual(before);
  });

  test("after its motor was replaced: changes nothing; the successor finds out", async () => {
    await bench.run(send());
    await bench.pass(MINUTE);
    const work = await nextMotor(bench, { ...claimed.work, id: "inc-1" }, "sec");
    expect(await bench.run(poll())).toEqual({ kind: "superseded" });
    expect(claimIn(bench.world)?.state).toBe("sent");
    expect(await bench.run(poll(work))).toEqual({ kind: "moved" });
  });

  test("the request never arrived: quiet for two minutes, then spent; not a moment earlier", async () => {
    const pending = send();
    while (claimIn(bench.world)?.state !== "sent") await bench.pass(1);
    bench.world.inject({ fault: "arm-down", at: 0, for: 10 * SECOND });
    await bench.run(pending);
    expect(bench.world.record.posts).toEqual([]);
    await bench.pass(10 * SECOND);
    expect(await bench.run(poll())).toMatchObject({ kind: "running" });
    await bench.pass(115 * SECOND);
    expect(await bench.run(poll())).toMatchObject({ kind: "running" });
    await bench.pass(5 * SECOND);
    expect(await bench.run(poll())).toEqual({ kind: "not-moved" });
    expect(claimIn(bench.world)?.spentBecause).toBe("reconciled-not-moved");
  });

  /** Leaves the request of the first claim without an answer, and without effect. */
  async function sendIntoNothing(): Promise<void> {
    const pending = send();
    while (claimIn(bench.world)?.state !== "sent") await bench.pass(1);
    bench.world.inject({ fault: "arm-down", at: 0, for: 10 * SECOND });
    await bench.run(pending);
    await bench.pass(10 * SECOND);
  }

  test("another site goes on with it: its quiet time begins anew, whatever the first one's clock said", async () => {
    await sendIntoNothing();
    await bench.run(poll());
    const work = await nextMotor(bench, { ...claimed.work, id: "inc-1" }, "sec");
    const bySec = () => createPollOperation(bench.sec)({ ...work, epoch: claimed.epoch });
    await bench.pass(121 * SECOND);
    expect(await bench.run(bySec())).toMatchObject({ kind: "running" });
    await bench.pass(121 * SECOND);
    expect(await bench.run(bySec())).toEqual({ kind: "not-moved" });
  });

  test("busy while one is in doubt: it is followed anew, three times; the fourth is a refusal", async () => {
    await sendIntoNothing();
    const code = "InstanceFailoverGroupBusy";
    bench.world.inject({ fault: "arm-refuses", region: "northeurope", code, at: 0 });
    const answers: string[] = [];
    for (let time = 0; time < 4; time++) {
      await bench.run(poll());
      await bench.pass(121 * SECOND);
      expect(await bench.run(poll())).toEqual({ kind: "not-moved" });
      // What comes to nothing again and again is not tried again at once.
      for (let round = 0; round < 6 * time; round++) {
        await lookUntil(bench, claimed.work, "fail-over");
        await bench.pass(10 * SECOND);
      }
      const seen = await lookUntil(bench, claimed.work, "fail-over");
      const epoch = await claimFor(bench, claimed.work, seen);
      claimed = { ...claimed, epoch };
      answers.push((await bench.run(send())).kind);
    }
    expect(answers).toEqual(["sent", "sent", "sent", "refused"]);
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "refused", code });
  });
});
