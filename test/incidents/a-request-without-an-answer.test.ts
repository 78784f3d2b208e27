// A failover was requested, nobody knows whether the request arrived, and Azure shows nothing of it for
// minutes. When the roles move at last it was ours: one receipt, its messages, the way home; and nothing
// is forced while a planned failover may still run.

import { describe, expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import { damageRow } from "../support/damaged-rows.ts";
import {
  acceptedPosts,
  GROUP,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn, failbackIn, failoverReceiptsIn, incidentIn } from "../support/stored.ts";
import { THOROUGH } from "../support/thorough.ts";

const HANG: Fault = { fault: "writes-hang", on: "home", at: SETTLED_MS };
const GRAY = { grayGraceMs: 3 * MINUTE };
const SOON = {
  cooldownMs: 5 * MINUTE,
  failback: { mode: "automatic" as const, window: null, soakMs: 2 * MINUTE },
};

/** The link between the two regions is down in both directions. */
function cutLink({ world }: Simulation, forMs: number): void {
  for (const [from, to] of [
    ["westeurope", "northeurope"],
    ["northeurope", "westeurope"],
  ] as const) {
    world.inject({ fault: "partition", from, to, at: 0, for: forMs });
  }
}

function told({ world }: Simulation, type: string): readonly string[] {
  return [
    ...new Set(world.record.sent.flatMap(({ event }) => (event.type === type ? [event.id] : []))),
  ];
}

/** What the world has booked on us, and what we have made of it. */
function booked(sim: Simulation, site = "neu") {
  const to = site === "neu" ? "partner" : "home";
  return {
    moves: roleChanges(sim.world).filter((move) => move.by === "us" && move.to === to).length,
    receipts: failoverReceiptsIn(sim.world, site).length,
    claim: claimIn(sim.world, site)?.spentBecause,
  };
}

async function sendUnanswered(sim: Simulation, site: string, linkDownMs: number): Promise<void> {
  const sent = () => claimIn(sim.world, site)?.state === "sent";
  expect(await sim.runJustUntil(sent, 60 * MINUTE)).toBe(true);
  sim.world.inject({ fault: "arm-answer-lost", at: 0, for: 15 * SECOND });
  cutLink(sim, linkDownMs);
}

test("writes hang, the planned failover is not answered and takes four minutes: one receipt, told, and a way home", async () => {
  const sim = await simulate({ faults: [HANG], policy: GRAY });
  await sendUnanswered(sim, "neu", 4 * MINUTE);
  await sim.runTo(sim.clock.now() - START + 15 * MINUTE);
  expect(booked(sim)).toEqual({ moves: 1, receipts: 1, claim: "moved" });
  expect(sim.world.record.posts).toHaveLength(1);
  expect(told(sim, "failed-over")).toHaveLength(1);
  expect(told(sim, "writable")).toHaveLength(1);
  expect(failbackIn(sim.world)?.state).toBe("waiting");
  expect(incidentIn(sim.world)?.end).toBe("failed-over");
  sim.sites.stop();
});

describe("the way home is not answered and takes four minutes", () => {
  test("home, once, with its receipt", async () => {
    const sim = await simulate({ faults: [regionLost({ for: 8 * MINUTE })], policy: SOON });
    await sendUnanswered(sim, "weu", 4 * MINUTE);
    await sim.runTo(sim.clock.now() - START + 15 * MINUTE);
    expect(booked(sim, "weu")).toEqual({ moves: 1, receipts: 1, claim: "moved" });
    expect(sim.world.record.posts).toHaveLength(2);
    expect(told(sim, "failed-over")).toHaveLength(2);
    expect(told(sim, "failed-back")).toHaveLength(1);
    expect(failbackIn(sim.world, "weu")?.state).toBe("done");
    sim.sites.stop();
  });

  test("takes sixteen minutes and was given up: it is booked all the same", async () => {
    const sim = await simulate({ faults: [regionLost({ for: 8 * MINUTE })], policy: SOON });
    const claimIs = (state: "sent" | "reconciled-not-moved") => () =>
      [claimIn(sim.world, "weu")?.state, claimIn(sim.world, "weu")?.spentBecause].includes(state);
    expect(await sim.runJustUntil(claimIs("sent"), 60 * MINUTE)).toBe(true);
    sim.world.inject({ fault: "failover-slow", seconds: 16 * 60, at: 0, for: MINUTE });
    sim.world.inject({ fault: "arm-answer-lost", at: 0, for: 15 * SECOND });
    expect(await sim.runJustUntil(claimIs("reconciled-not-moved"), 90 * MINUTE)).toBe(true);
    await sim.runTo(sim.clock.now() - START + 15 * MINUTE);
    expect(booked(sim, "weu")).toEqual({ moves: 1, receipts: 1, claim: "moved" });
    expect(failbackIn(sim.world, "weu")?.state).toBe("done");
    sim.sites.stop();
  });

  test("and then the primary's region is dark: nothing is forced while it may run", async () => {
    const sim = await simulate({ faults: [regionLost({ for: 8 * MINUTE })], policy: SOON });
    await sendUnanswered(sim, "weu", 4 * MINUTE);
    await sim.runTo(sim.clock.now() - START + 4 * MINUTE);
    const dark = { fault: "region-dark", region: "northeurope", at: 0, for: 5 * MINUTE } as const;
    sim.world.inject(dark);
    await sim.runTo(sim.clock.now() - START + 15 * MINUTE);
    expect(booked(sim, "weu")).toEqual({ moves: 1, receipts: 1, claim: "moved" });
    // It may time out in the dark: then, and only then, another one leaves, planned again.
    const [there, ...home] = acceptedPosts(sim.world);
    expect(there?.kind).toBe("forced");
    expect(new Set(home.map(({ kind }) => kind))).toEqual(new Set(["planned"]));
    expect(sim.world.record.posts).toEqual([there, ...home]);
    // Once for each way, however often it is tried within the hour.
    expect(told(sim, "about-to-fail-over")).toHaveLength(2);
    sim.sites.stop();
  });
});

const LOST = ["on the way there", "on the way back"] as const;
const LATE_S = [0, 100, 240, 420, 600];
const DIES = ["nothing", "the host", "the site", "the row of the incident"] as const;
type Dies = (typeof DIES)[number];

/** Each value of each once; together only where there is time for it. */
const WALK = (["forced", "planned"] as const).flatMap((kind, k) =>
  LOST.flatMap((lost, l) =>
    LATE_S.flatMap((late, s) =>
      DIES.filter((_, d) => THOROUGH || (s % 4 === k + 2 * l && d === s % 4)).map(
        (dies) => [kind, lost, late, dies] as const,
      ),
    ),
  ),
);

/** What works on the request is gone just after it left. */
function die({ sites, world }: Simulation, dies: Dies): void {
  if (dies === "the host") sites.host("neu").kill();
  if (dies === "the site") world.inject({ fault: "site-stopped", site: "neu", at: 0 });
  if (dies === "the row of the incident") {
    damageRow(world, "neu", { group: GROUP, kind: "incident", id: "current" }, "garbage");
  }
}

/** Forced requests that left while a planned failover of ours ran. */
function forcedBeside({ world }: Simulation): readonly unknown[] {
  const runs = [...(world.groups.get(GROUP)?.operations.values() ?? [])].filter(
    ({ kind, by }) => kind === "planned" && by === "us",
  );
  return world.record.posts.filter(
    ({ kind, at }) =>
      kind === "forced" &&
      runs.some(({ startedAt, endedAt }) => at > startedAt && at < (endedAt ?? Infinity)),
  );
}

test.each(WALK)(
  "%s, the answer lost %s, in effect %i s late, and %s dies: each move of ours has one receipt",
  async (kind, lost, late, dies) => {
    const loss = kind === "forced" ? regionLost() : HANG;
    const slow: Fault = { fault: "failover-slow", seconds: late, at: 0 };
    const sim = await simulate({ faults: [loss, slow], policy: GRAY });
    const sent = () => claimIn(sim.world)?.state === "sent";
    expect(await sim.runJustUntil(sent, 20 * MINUTE)).toBe(true);
    const fault = lost === "on the way there" ? "arm-down" : "arm-answer-lost";
    sim.world.inject({ fault, at: 0, for: 15 * SECOND });
    await sim.runTo(sim.clock.now() - START + 9 * SECOND);
    die(sim, dies);
    const moved = () => roleChanges(sim.world).length > 0;
    await sim.runUntil(moved, sim.clock.now() - START + 16 * MINUTE);
    expect(forcedBeside(sim)).toEqual([]);
    if (!moved()) {
      // It never arrived, and what worked on it died: then somebody has been paged or asked.
      expect(lost).toBe("on the way there");
      expect([...told(sim, "page"), ...told(sim, "ask")]).not.toEqual([]);
      expect(booked(sim)).toMatchObject({ moves: 0, receipts: 0 });
      return sim.sites.stop();
    }
    await sim.runTo(sim.clock.now() - START + 4 * MINUTE);
    expect(roleChanges(sim.world)).toEqual([{ by: "us", to: "partner" }]);
    expect(booked(sim)).toEqual({ moves: 1, receipts: 1, claim: "moved" });
    expect(told(sim, "failed-over")).toHaveLength(1);
    expect(told(sim, "writable")).toHaveLength(1);
    expect(failbackIn(sim.world)?.state).toBe("waiting");
    sim.sites.stop();
  },
);
