import { describe, expect, test } from "vitest";
import type { Group, Site } from "../../shared/domain/group.ts";
import type { Signals } from "../../shared/ports/signals.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import { entriesIn } from "../support/entries-in.ts";
import {
  createLab,
  fault,
  HOUR,
  home,
  type Lab,
  MINUTE,
  group as plain,
  SECOND,
  sites,
} from "./world-under-test.ts";

const WORKSPACE = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

/** The same group with sources that a real adapter can read. */
const group: Group = {
  ...plain,
  application: {
    successRatio: `app-insights:${WORKSPACE}/role/orders-api`,
    floor: 0.5,
    capacityAtTarget: "https://orders.example.net/capacity",
  },
};

/** What any way to the platform's and the application's word must do. */
export function signalsContract(name: string, make: (world: World, site: Site) => Signals): void {
  const start = (...faults: readonly Fault[]): Lab & { signals: Signals } => {
    const lab = createLab(faults, { groups: [group] });
    return { ...lab, signals: make(lab.world, sites.neu) };
  };

  describe(name, () => {
    test("the success ratio falls with the primary, with the age of its telemetry", async () => {
      const dark = fault("region-dark", { region: home.region, at: 5 * MINUTE });
      const { run, pass, signals } = start(dark);
      await pass(4 * MINUTE);
      const before = await run(signals.application(group));
      expect(before).toMatchObject({ kind: "ratio", value: 1, ageMs: 30 * SECOND });
      await pass(3 * MINUTE);
      expect(await run(signals.application(group))).toMatchObject({ kind: "ratio", value: 0 });
    });

    test("half of the users served is a ratio of one half", async () => {
      const { run, signals } = start(fault("application-ratio", { value: 0.5 }));
      expect(await run(signals.application(group))).toMatchObject({ kind: "ratio", value: 0.5 });
    });

    test("lost telemetry is unknown, which is neither success nor failure", async () => {
      const { run, signals } = start(fault("application-unknown"));
      expect(await run(signals.application(group))).toMatchObject({ kind: "unknown" });
    });

    test("a group without sources is not asked about", async () => {
      const { run, signals } = start();
      const bare = { ...group, application: null };
      expect(await run(signals.application(bare))).toEqual({ kind: "not-configured" });
      expect(await run(signals.capacityAt(bare, "partner"))).toBe("not-required");
    });

    test.each(["ready", "not-ready", "unknown"] as const)(
      "an application whose capacity is %s says so",
      async (value) => {
        const { run, signals } = start(fault("capacity", { value }));
        expect(await run(signals.capacityAt(group, "partner"))).toBe(value);
      },
    );

    test("another's failover shows in the activity log, late, with its start and its end", async () => {
      const other = fault("other-failover", { kind: "forced", by: "eve@example.net" });
      const { run, pass, signals } = start(other);
      const told = () => run(entriesIn(signals.activity(group, HOUR)));
      await pass(SECOND);
      expect(await told()).toEqual([]);
      await pass(5 * MINUTE);
      const entries = await told();
      const by = "eve@example.net";
      expect(entries).toMatchObject([{ what: "failover", by, ours: false, side: "partner" }]);
      const [{ startedAt, ended } = { startedAt: null, ended: null }] = entries;
      expect(ended?.how).toBe("well");
      expect(ended?.at).toBeGreaterThan(startedAt ?? Number.POSITIVE_INFINITY);
    });

    test.each([
      ["network-change", "network"],
      ["key-change", "key"],
      ["scale", "scale"],
    ] as const)("a person's %s shows with who did it and when", async (done, what) => {
      const by = "eve@example.net";
      const { run, pass, signals, clock } = start(fault("activity", { what: done, by }));
      const at = clock.now();
      await pass(5 * MINUTE);
      const entries = await run(entriesIn(signals.activity(group, HOUR)));
      expect(entries).toMatchObject([
        { what, by, ours: false, side: "home", ended: { at, how: "well" } },
      ]);
      expect(await run(entriesIn(signals.activity(group, MINUTE)))).toEqual([]);
    });

    test("what the platform says of the primary is advice with an age", async () => {
      const said = { source: "resource-health", value: "Degraded" };
      const { run, signals } = start(fault("platform-advice", said));
      const advice = await run(signals.advice(group, "home"));
      const health = advice.filter(({ source }) => source === "resource-health");
      const primary = health.find(({ kind }) => kind === "bad");
      expect(primary?.said).toContain("Degraded");
      expect(primary?.ageMs).toBeGreaterThan(50 * SECOND);
    });

    test("planned work on the primary is told as maintenance", async () => {
      const said = { source: "maintenance", value: "Planned" };
      const { run, signals } = start(fault("platform-advice", said));
      const advice = await run(signals.advice(group, "home"));
      expect(advice.filter(({ source }) => source === "maintenance")).toHaveLength(1);
    });

    test("a blind site learns nothing, and knows it in time", async () => {
      const { run, clock, signals } = start(fault("vantage-blind", { site: "neu" }));
      const startedAt = clock.now();
      expect(await run(signals.application(group))).toMatchObject({ kind: "unknown" });
      expect(await run(signals.capacityAt(group, "partner"))).toBe("unknown");
      expect(await run(signals.activity(group, HOUR))).toMatchObject({ kind: "unknown" });
      const advice = await run(signals.advice(group, "home"));
      expect(advice.filter(({ source }) => source === "resource-health")).toEqual([]);
      expect(clock.now() - startedAt).toBeLessThanOrEqual(4 * 9 * SECOND);
    });
  });
}
