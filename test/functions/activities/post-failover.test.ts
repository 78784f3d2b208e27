import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { noteAttemptEnded } from "../../../functions/keeping/note-attempt.ts";
import { EVERY_GROUP } from "../../../shared/domain/group.ts";
import { spendClaim } from "../../../shared/ledger/claims.ts";
import { writePause } from "../../../shared/ledger/pauses.ts";
import {
  type Bench,
  type Claimed,
  claimFirst,
  claimFor,
  lookUntil,
  loseRegion,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { acceptedPosts, GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { claimIn, incidentIn } from "../../support/stored.ts";

describe("PostFailover", () => {
  let bench: Bench;
  let claimed: Claimed;
  beforeEach(async () => {
    bench = await startBench();
    claimed = await claimFirst(bench);
  });

  function post(epoch = claimed.epoch, app = bench.neu) {
    return createPostFailover(app)({ ...claimed.work, epoch });
  }

  function store() {
    return bench.neu.stores.of(bench.group).target("home");
  }

  test("twice: one request", async () => {
    expect(await bench.run(post())).toMatchObject({ kind: "sent" });
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "claim-sent" });
    expect(bench.world.record.posts).toHaveLength(1);
    expect(claimIn(bench.world)).toMatchObject({ state: "sent", spentBecause: null });
  });

  test.each([0, 1, 5, 20, 100, 200, 300, 400])(
    "again %i ms after the first began: one request",
    async (ms) => {
      const both = Promise.all([post(), bench.clock.sleep(ms).then(() => post())]);
      const answers = await bench.run(both);
      expect(answers.filter(({ kind }) => kind === "sent")).toHaveLength(1);
      expect(bench.world.record.posts).toHaveLength(1);
    },
  );

  test("after the failover has happened: sends nothing", async () => {
    await bench.run(post());
    await bench.pass(MINUTE);
    expect(await bench.run(post())).toMatchObject({ kind: "not-sent" });
    expect(bench.world.record.posts).toHaveLength(1);
  });

  test("later than its claim allows: sends nothing, and the claim is spent", async () => {
    await bench.pass(31 * SECOND);
    expect(await bench.run(post())).toMatchObject({ kind: "too-late" });
    expect(bench.world.record.posts).toEqual([]);
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "not-sent" });
  });

  test("after its motor was replaced: sends nothing and leaves the claim to its successor", async () => {
    await nextMotor(bench, { ...claimed.work, id: claimed.work.incidentId }, "sec");
    expect(await bench.run(post())).toEqual({ kind: "superseded" });
    expect(bench.world.record.posts).toEqual([]);
    expect(claimIn(bench.world)?.state).toBe("intent");
  });

  test("of a motor that was ended, five minutes after its successor has sent: sends and changes nothing", async () => {
    const successor = await nextMotor(
      bench,
      { ...claimed.work, id: claimed.work.incidentId },
      "neu",
    );
    const posting = createPostFailover(bench.neu)({ ...successor, epoch: claimed.epoch });
    expect(await bench.run(posting)).toMatchObject({ kind: "sent" });
    await bench.pass(5 * MINUTE);
    const before = [claimIn(bench.world), incidentIn(bench.world)];
    expect(await bench.run(post())).toEqual({ kind: "superseded" });
    expect([claimIn(bench.world), incidentIn(bench.world)]).toEqual(before);
    expect(bench.world.record.posts).toHaveLength(1);
  });

  test("after its claim was spent: sends nothing", async () => {
    await bench.run(
      spendClaim(store(), claimed.epoch, {
        because: "roles-moved-by-other",
        at: bench.clock.now(),
      }),
    );
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "claim-spent" });
    expect(bench.world.record.posts).toEqual([]);
  });

  test("after its claim was replaced: sends nothing and does not touch the new one", async () => {
    await bench.run(
      spendClaim(store(), claimed.epoch, { because: "not-sent", at: bench.clock.now() }),
    );
    const seen = await lookUntil(bench, claimed.work, "fail-over");
    const epoch = await claimFor(bench, claimed.work, seen);
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "claim-replaced" });
    expect(claimIn(bench.world)).toMatchObject({ epoch, state: "intent" });
    expect(bench.world.record.posts).toEqual([]);
  });

  test("by a site that does not hold the claim: sends nothing", async () => {
    expect(await bench.run(post(claimed.epoch, bench.sec))).toEqual({
      kind: "not-sent",
      because: "claim-not-ours",
    });
    expect(bench.world.record.posts).toEqual([]);
  });

  test("paused since the decision: sends nothing", async () => {
    const pausedAt = bench.clock.now();
    const pause = { scope: GROUP, reason: "wait", owner: "kim", pausedAt, expiresAt: null };
    await bench.run(writePause(store(), pause));
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "paused" });
    expect(bench.world.record.posts).toEqual([]);
  });

  test("somebody else has moved the roles since the decision: sends nothing, and the claim is spent", async () => {
    bench.world.inject({ fault: "other-failover", kind: "forced", at: 0 });
    await bench.pass(25 * SECOND);
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "roles-moved" });
    expect(bench.world.record.posts).toEqual([]);
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "not-sent" });
  });

  test("nobody says who is primary any more: sends nothing, and the claim is spent", async () => {
    bench.world.inject({ fault: "arm-down", at: 0, for: MINUTE });
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "roles-unknown" });
    expect(bench.world.record.posts).toEqual([]);
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "not-sent" });
  });

  test("too much was asked for a moment: waits as long as it is told to, and sends one request", async () => {
    bench.world.inject({ fault: "arm-throttled", retryAfterSeconds: 5, at: 0, for: 4 * SECOND });
    expect(await bench.run(post())).toMatchObject({ kind: "sent" });
    expect(bench.world.record.posts).toHaveLength(1);
  });

  test("paused while it waits for Resource Manager: sends nothing", async () => {
    bench.world.inject({ fault: "arm-throttled", retryAfterSeconds: 5, at: 0, for: 4 * SECOND });
    const pausing = bench.clock.sleep(2 * SECOND).then(() => {
      const pausedAt = bench.clock.now();
      const pause = { scope: GROUP, reason: "wait", owner: "kim", pausedAt, expiresAt: null };
      return writePause(store(), pause);
    });
    const [answer] = await bench.run(Promise.all([post(), pausing]));
    expect(answer).toEqual({ kind: "not-sent", because: "paused" });
    expect(bench.world.record.posts).toEqual([]);
  });

  test("too much was asked for longer than a claim can wait: sends nothing, and the claim is spent", async () => {
    bench.world.inject({ fault: "arm-throttled", retryAfterSeconds: 7, at: 0, for: 4 * SECOND });
    expect(await bench.run(post())).toEqual({ kind: "not-sent", because: "roles-unknown" });
    expect(bench.world.record.posts).toEqual([]);
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "not-sent" });
  });

  test("refused as busy: the claim is spent, and the same work sends nothing more", async () => {
    bench.world.inject({
      fault: "arm-refuses",
      region: "northeurope",
      code: "InstanceFailoverGroupBusy",
      at: 0,
      for: MINUTE,
    });
    expect(await bench.run(post())).toMatchObject({ kind: "refused" });
    await bench.pass(MINUTE);
    expect(await bench.run(post())).toMatchObject({ kind: "not-sent" });
    expect(bench.world.record.posts).toHaveLength(1);
    expect(acceptedPosts(bench.world)).toEqual([]);
  });

  test("the answer comes after the claim was spent: it stays spent", async () => {
    const pending = post();
    while (claimIn(bench.world)?.state !== "sent") await bench.pass(1);
    bench.world.inject({ fault: "arm-slow", ms: 6 * SECOND, at: 0, for: SECOND });
    await bench.pass(4 * SECOND);
    await bench.run(
      spendClaim(store(), claimed.epoch, {
        because: "roles-moved-by-other",
        at: bench.clock.now(),
      }),
    );
    expect(await bench.run(pending)).toMatchObject({ kind: "sent" });
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", acceptedAt: null, ticket: null });
  });
});

test("nothing was ever claimed: sends nothing", async () => {
  const bench = await startBench();
  const work = await loseRegion(bench);
  const answer = await bench.run(createPostFailover(bench.neu)({ ...work, epoch: 1 }));
  expect(answer).toEqual({ kind: "not-sent", because: "claim-replaced" });
  expect(bench.world.record.posts).toEqual([]);
});

test("while all groups are paused by a word that only the other region's store has: sends nothing", async () => {
  const bench = await startBench();
  const { work, epoch } = await claimFirst(bench, { fault: "instance-down", on: "home", at: 0 });
  const everywhere = bench.neu.stores.at("weu");
  if (everywhere === null) throw new Error("Cannot pause: there is no store at weu");
  const pausedAt = bench.clock.now();
  const pause = { scope: EVERY_GROUP, reason: "wait", owner: "kim", pausedAt, expiresAt: null };
  await bench.run(writePause(everywhere, pause));
  const answer = await bench.run(createPostFailover(bench.neu)({ ...work, epoch }));
  expect(answer).toEqual({ kind: "not-sent", because: "paused" });
  expect(bench.world.record.posts).toEqual([]);
});

test("while the other region's store has a pause that nobody can read: sends nothing", async () => {
  const bench = await startBench();
  const { work, epoch } = await claimFirst(bench, { fault: "instance-down", on: "home", at: 0 });
  damageRow(bench.world, "weu", { group: GROUP, kind: "pause", id: "kim" }, "garbage");
  const answer = await bench.run(createPostFailover(bench.neu)({ ...work, epoch }));
  expect(answer).toEqual({ kind: "not-sent", because: "pause-unreadable" });
  expect(bench.world.record.posts).toEqual([]);
});

describe("a request while an earlier one is in doubt", () => {
  const answers = [
    ["arm-refuses", { fault: "arm-refuses", code: "InstanceFailoverGroupBusy" }, "sent", "sent"],
    [
      "arm-throttled",
      { fault: "arm-refuses", code: "TooManyRequests", status: 429 },
      "refused",
      "spent",
    ],
  ] as const;
  test.each(answers)("answered by %s", async (_, fault, kind, state) => {
    const bench = await startBench();
    const { work, epoch } = await claimFirst(bench);
    const lost = createPostFailover(bench.neu)({ ...work, epoch });
    while (claimIn(bench.world)?.state !== "sent") await bench.pass(1);
    bench.world.inject({ fault: "arm-down", at: 0, for: 10 * SECOND });
    await bench.run(lost);
    const poll = () => bench.run(createPollOperation(bench.neu)({ ...work, epoch }));
    await bench.pass(10 * SECOND);
    while ((await poll()).kind === "running") await bench.pass(10 * SECOND);
    const doubt = claimIn(bench.world)?.doubt;
    expect(doubt).toMatchObject({ renewals: 0 });
    const next = await claimFor(bench, work, await lookUntil(bench, work, "fail-over"));
    bench.world.inject({ ...fault, region: "northeurope", at: 0, for: MINUTE });
    const answer = await bench.run(createPostFailover(bench.neu)({ ...work, epoch: next }));
    expect([answer.kind, claimIn(bench.world)?.state]).toEqual([kind, state]);
    expect(claimIn(bench.world)?.doubt).toEqual(kind === "refused" ? doubt : null);
  });
});

describe("a planned request that Azure refuses for good", () => {
  let bench: Bench;
  let claimed: Claimed;
  beforeEach(async () => {
    bench = await startBench({ grayGraceMs: 3 * MINUTE });
    claimed = await claimFirst(bench, { fault: "writes-hang", on: "home", at: 0 });
    const code = "IncorrectReplicationLinkState";
    bench.world.inject({ fault: "arm-refuses", region: "northeurope", code, at: 0 });
  });

  test("while its motor is replaced: the attempt is remembered all the same", async () => {
    const { work, epoch } = claimed;
    const pending = createPostFailover(bench.neu)({ ...work, epoch });
    while (claimIn(bench.world)?.state !== "sent") await bench.pass(1);
    await nextMotor(bench, { ...work, id: work.incidentId }, "sec");
    expect(await bench.run(pending)).toMatchObject({ kind: "refused" });
    expect(incidentIn(bench.world)?.plannedEndedAt).not.toBeNull();
  });

  test("while another look is on its way: that one does not forget it", async () => {
    const { work, epoch } = claimed;
    const store = bench.neu.stores.of(bench.group).target("home");
    await bench.run(spendClaim(store, epoch, { because: "not-sent", at: bench.clock.now() }));
    const looking = createLookAndDecide(bench.neu)(work);
    await bench.pass(SECOND);
    const claim = claimIn(bench.world);
    if (claim === null) throw new Error("there is no claim");
    await bench.run(noteAttemptEnded({ book: store, work }, claim, "x", bench.clock.now()));
    await bench.run(looking);
    expect(incidentIn(bench.world)?.plannedEndedCode).toBe("x");
    expect(incidentIn(bench.world)?.plannedEndedAt).not.toBeNull();
  });
});
