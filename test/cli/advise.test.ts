import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { adviseSettings } from "../../cli/advise-settings.ts";
import { runCommand } from "../../cli/run-command.ts";
import { BLIP_EDGES_MS, type BlipPeriod, type Blips } from "../../shared/domain/blips.ts";
import { MINUTE, NOW, policy, SECOND } from "../support/facts.ts";

const DAY = 24 * 60 * MINUTE;
const SAMPLE = fileURLToPath(new URL("../../geo-failover.sample.yaml", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "geo-failover-advise-"));
afterAll(() => rmSync(folder, { recursive: true }));

function lengths(longestMs: number): BlipPeriod["silent"] {
  const edge = BLIP_EDGES_MS.findIndex((upper) => longestMs <= upper);
  return {
    counts: Array.from({ length: BLIP_EDGES_MS.length + 1 }, (_, i) =>
      longestMs > 0 && i === edge ? 1 : 0,
    ),
    longestMs,
    longestAt: longestMs === 0 ? null : NOW - 12 * DAY,
  };
}

/** Ninety days of watching, with one blip of that length in them. */
function blips(silentMs: number, change: Partial<BlipPeriod> = {}, days = 90): Blips {
  const periods = Array.from({ length: Math.ceil(days / 10) }, (_, i) => ({
    startAt: NOW - (days - 10 * i) * DAY + DAY,
    days: Math.min(10, days - 10 * i),
    silent: lengths(i === 0 ? silentMs : 0),
    gray: lengths(0),
    slowestMs: 0,
    ...(i === 0 ? change : {}),
  }));
  return { countedAt: NOW, running: null, periods, lastDayAt: NOW };
}

function seenBy(...each: readonly Blips[]) {
  const sites = each.map((one, i) => ({ site: ["weu", "neu", "sec"][i] ?? "", blips: one }));
  return adviseSettings(policy(), sites, NOW);
}

const proposed = (proposals: ReturnType<typeof adviseSettings>) =>
  Object.fromEntries(proposals.map(({ setting, proposedMs }) => [setting, proposedMs]));

describe("advice about the grace", () => {
  test("is twice the longest blip that a majority has seen", () => {
    const [grace] = seenBy(blips(170 * SECOND), blips(174 * SECOND), blips(20 * SECOND));
    expect(grace).toMatchObject({ setting: "grace", nowMs: 5 * MINUTE, proposedMs: 360 * SECOND });
    expect(grace?.because).toBe(
      "longest self-healed blip in 90 days: 2 min 50 s (weu, 2026-01-03 12:00:00 UTC); your grace: 5 min; twice the blip, and at least 3 min",
    );
  });

  test("never goes below what the configuration may have", () => {
    expect(proposed(seenBy(blips(74 * SECOND), blips(74 * SECOND), blips(0)))).toMatchObject({
      grace: 3 * MINUTE,
      grayGrace: 3 * MINUTE,
    });
    const slow = policy({ intervalMs: 40 * SECOND, probeTimeoutMs: 10 * SECOND });
    const sites = [blips(0), blips(0)].map((one, i) => ({ site: `s${i}`, blips: one }));
    expect(proposed(adviseSettings(slow, sites, NOW))).toMatchObject({ grace: 200 * SECOND });
  });

  test("takes no notice of a blip that one vantage alone has seen", () => {
    expect(proposed(seenBy(blips(20 * MINUTE), blips(0), blips(0))).grace).toBe(3 * MINUTE);
  });

  test("of a server that still answers comes from blips in which something answered", () => {
    const gray = { gray: lengths(6 * MINUTE) };
    expect(proposed(seenBy(blips(0, gray), blips(0, gray), blips(0)))).toMatchObject({
      grace: 3 * MINUTE,
      grayGrace: 12 * MINUTE,
    });
  });
});

describe("advice about the probe", () => {
  test("gives a slow look twice its time, and the interval room for it", () => {
    const slow = blips(0, { slowestMs: 5_600 });
    expect(proposed(seenBy(slow, blips(0), blips(0)))).toMatchObject({
      probeTimeout: 12 * SECOND,
      interval: 13 * SECOND,
    });
  });

  test("never shortens either", () => {
    expect(proposed(seenBy(blips(0), blips(0)))).toMatchObject({
      probeTimeout: 8 * SECOND,
      interval: 10 * SECOND,
    });
  });
});

describe("advice from too little", () => {
  test("is unknown, and says how much is lacking", () => {
    const proposals = seenBy(blips(0, {}, 29), blips(0), blips(0, {}, 12));
    expect(proposals.map(({ proposedMs }) => proposedMs)).toEqual([null, null, null, null]);
    expect(proposals[0]?.because).toBe(
      "too little is known: 2 sites must have watched on 30 days; days watched: weu 29, neu 90, sec 12",
    );
  });

  test("a blip of 85 days ago is not, though its ten days began before the ninety", () => {
    const sites = ["weu", "neu"].map((site) => ({ site, blips: blips(20 * MINUTE) }));
    const [grace] = adviseSettings(policy(), sites, NOW + 5 * DAY);
    expect(grace?.proposedMs).toBe(40 * MINUTE);
  });

  test("blips of more than 90 days ago are forgotten", () => {
    const old = blips(20 * MINUTE);
    const sites = [old, old].map((one, i) => ({ site: `s${i}`, blips: one }));
    const [grace] = adviseSettings(policy(), sites, NOW + 30 * DAY);
    expect(grace?.proposedMs).toBe(3 * MINUTE);
  });
});

describe("advise", () => {
  const status = (site: string, one: Blips) =>
    JSON.stringify({
      site,
      at: NOW,
      groups: [
        {
          group: "orders-fog",
          mode: "observe",
          state: "watching",
          primary: { kind: "read", value: null },
          incident: { kind: "read", value: null },
          failback: { kind: "read", value: null },
          pauses: [],
          overrides: [],
          blips: { kind: "read", value: one },
        },
      ],
    });
  const run = (...args: readonly string[]) =>
    runCommand(["advise", "orders-fog", "--config", SAMPLE, ...args], {});

  function saved(...lines: readonly string[]): string {
    const path = join(folder, "status.jsonl");
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  }

  test("prints advice and histogram from statuses that were saved", async () => {
    const path = saved(status("weu", blips(74 * SECOND)), status("neu", blips(74 * SECOND)));
    const { exitCode, stdout } = await run("--from", path);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/grace +5 min +3 min +may be lowered +longest self-healed blip/);
    expect(stdout).toMatch(/up to 1 min 30 s +1 \/ 0 +1 \/ 0\n/);
  });

  test("with too little data says unknown, and ends with 3", async () => {
    const { exitCode, stdout } = await run("--from", saved(status("weu", blips(0))), "--json");
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      group: "orders-fog",
      proposals: [{ setting: "grace", proposedMs: null }, {}, {}, {}],
    });
  });

  test("without any status ends with 1", async () => {
    const { exitCode, stderr } = await run("--from", join(folder, "none.json"));
    expect([exitCode, stderr]).toEqual([1, `${join(folder, "none.json")}: no such file\n`]);
  });

  test("of a group that is not configured is a misuse", async () => {
    const { exitCode, stderr } = await runCommand(
      ["advise", "order-fog", "--config", SAMPLE, "--from", "x"],
      {},
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain("did you mean orders-fog?");
  });
});
