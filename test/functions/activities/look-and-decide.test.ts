import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createNotify } from "../../../functions/activities/notify.ts";
import type { Work } from "../../../orchestrations/contracts.ts";
import {
  type Bench,
  claimFirst,
  lookUntil,
  loseRegion,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { MINUTE } from "../../support/simulated-sites.ts";
import { asksIn, claimIn, incidentIn } from "../../support/stored.ts";

describe("LookAndDecide", () => {
  let bench: Bench;
  let work: Work;
  beforeEach(async () => {
    bench = await startBench();
    work = await loseRegion(bench);
  });

  test("twice: a second look, the same incident, and no time counted twice", async () => {
    const lookAndDecide = createLookAndDecide(bench.neu);
    await lookUntil(bench, work, "hold");
    await bench.run(Promise.all([lookAndDecide(work), lookAndDecide(work)]));
    const elapsedMs = bench.clock.now() - (incidentIn(bench.world)?.openedAt ?? 0);
    expect(incidentIn(bench.world)?.outage.outageMs).toBeLessThanOrEqual(elapsedMs);
    expect(incidentIn(bench.world)).toMatchObject({ id: work.incidentId, motor: 1 });
    expect(claimIn(bench.world)).toBeNull();
  });

  test("side by side at the end of the grace: two decisions earn one claim", async () => {
    await lookUntil(bench, work, "fail-over");
    const lookAndDecide = createLookAndDecide(bench.neu);
    const both = await bench.run(Promise.all([lookAndDecide(work), lookAndDecide(work)]));
    expect(both.map((seen) => seen.kind)).toEqual(["decided", "decided"]);
    expect(claimIn(bench.world)).toBeNull();
  });

  test("after its motor was replaced: changes nothing", async () => {
    await nextMotor(bench, { ...work, id: work.incidentId }, "sec");
    const before = incidentIn(bench.world);
    expect(await bench.run(createLookAndDecide(bench.neu)(work))).toEqual({ kind: "superseded" });
    expect(incidentIn(bench.world)).toEqual(before);
  });

  test("in the middle of which its motor is replaced: changes nothing either", async () => {
    const pending = createLookAndDecide(bench.neu)(work);
    await bench.pass(50);
    await nextMotor(bench, { ...work, id: work.incidentId }, "sec");
    const before = incidentIn(bench.world);
    expect(await bench.run(pending)).toEqual({ kind: "superseded" });
    expect(incidentIn(bench.world)).toEqual(before);
  });

  test("an hour late: decides by a fresh look, not by what it knew", async () => {
    await lookUntil(bench, work, "fail-over");
    await bench.pass(60 * MINUTE);
    const late = await bench.run(createLookAndDecide(bench.neu)(work));
    expect(late).toMatchObject({ kind: "decided", verdict: "hold", rule: "grace" });
  });

  test("while a claim is open: follows it instead of deciding", async () => {
    bench = await startBench();
    const claimed = await claimFirst(bench);
    const seen = await bench.run(createLookAndDecide(bench.neu)(claimed.work));
    expect(seen).toEqual({ kind: "follow", epoch: claimed.epoch });
  });
});

test("LookAndDecide, twice while somebody is being asked: asks once", async () => {
  const bench = await startBench({ mode: "approve" });
  const work = await loseRegion(bench);
  const first = await lookUntil(bench, work, "ask");
  if (first.announce === null) throw new Error("nobody is asked");
  await bench.run(createNotify(bench.neu)({ ...work, announcement: first.announce }));
  const again = await bench.run(createLookAndDecide(bench.neu)(work));
  expect(again).toMatchObject({ kind: "decided", verdict: "ask", announce: null });
  expect(asksIn(bench.world)).toHaveLength(1);
});
