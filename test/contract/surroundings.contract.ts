import { describe, expect, test } from "vitest";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Site } from "../../shared/domain/group.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import type { Fault } from "../../simulator/faults.ts";
import { entriesIn } from "../support/entries-in.ts";
import {
  createLab,
  fault,
  group,
  HOUR,
  home,
  type Lab,
  MINUTE,
  SECOND,
  sites,
} from "./world-under-test.ts";

type Surroundings = Pick<Ports, "references" | "identity" | "notifier" | "signals">;

const event: OutgoingEvent = {
  id: "e1",
  type: "notice",
  group: group.name,
  incidentId: null,
  at: 0,
  urgent: false,
  text: "all is well",
  data: {},
};

/** What references, identity, notifier and signals must do, whoever implements them. */
export function surroundingsContract(
  name: string,
  make: (lab: Lab, site: Site) => Surroundings,
): void {
  const start = (site: Site, ...faults: readonly Fault[]): Lab & Surroundings => {
    const lab = createLab(faults);
    return { ...lab, ...make(lab, site) };
  };
  const own = sites.neu.reference ?? "";
  const regional = home.regionReference ?? "";

  describe(`${name}: references`, () => {
    test("a dark region's reference fails for others, whose own one still answers", async () => {
      const { run, references } = start(sites.neu, fault("region-dark", { region: home.region }));
      expect(await run(references.reach(own, 4 * SECOND))).toBe("ok");
      expect(await run(references.reach(regional, 4 * SECOND))).toBe("failed");
    });

    test("a blind vantage reaches nothing, and knows it by the deadline", async () => {
      const { run, clock, references } = start(sites.neu, fault("vantage-blind", { site: "neu" }));
      const startedAt = clock.now();
      expect(await run(references.reach(own, 4 * SECOND))).toBe("failed");
      expect(clock.now() - startedAt).toBe(4 * SECOND);
    });

    test("a path that is cut in one direction is cut for that one only", async () => {
      const cut = fault("partition", { from: "northeurope", to: "westeurope" });
      const one = start(sites.neu, cut);
      expect(await one.run(one.references.reach(regional, SECOND))).toBe("failed");
      const other = start(sites.sec, cut);
      expect(await other.run(other.references.reach(regional, SECOND))).toBe("ok");
    });
  });

  describe(`${name}: identity`, () => {
    test("a token at hand outlives the identity endpoint, until it expires", async () => {
      const { run, pass, identity } = start(
        sites.neu,
        fault("identity-down", { tokenGoodFor: 10 * MINUTE }),
      );
      await pass(4 * MINUTE);
      const leftMs = await run(identity.tokenGoodForMs());
      expect(leftMs).toBeGreaterThan(5 * MINUTE);
      expect(leftMs).toBeLessThanOrEqual(6 * MINUTE);
      await pass(7 * MINUTE);
      expect(await run(identity.tokenGoodForMs())).toBeNull();
    });
  });

  describe(`${name}: notifier`, () => {
    test("sent means that somebody was told", async () => {
      const { run, world, notifier } = start(sites.neu);
      expect(await run(notifier.send(event))).toBe("sent");
      expect(world.record.sent).toMatchObject([{ site: "neu", event }]);
    });

    test("failed means that nobody was", async () => {
      const { run, world, notifier } = start(sites.neu, fault("notifier-down"));
      expect(await run(notifier.send(event))).toBe("failed");
      expect(world.record.sent).toEqual([]);
    });
  });

  describe(`${name}: signals`, () => {
    test("the success ratio falls with the primary, with an age", async () => {
      const { run, pass, signals } = start(
        sites.neu,
        fault("region-dark", { region: home.region, at: 5 * MINUTE }),
      );
      await pass(4 * MINUTE);
      expect(await run(signals.application(group))).toMatchObject({ kind: "ratio", value: 1 });
      await pass(3 * MINUTE);
      const reading = await run(signals.application(group));
      expect(reading).toMatchObject({ kind: "ratio", value: 0 });
      expect(reading.kind === "ratio" && reading.ageMs).toBeGreaterThan(0);
    });

    test("a group without a source says so; lost telemetry is unknown", async () => {
      const { run, signals } = start(sites.neu, fault("application-unknown"));
      const plain = { ...group, application: null };
      expect(await run(signals.application(plain))).toEqual({ kind: "not-configured" });
      expect(await run(signals.capacityAt(plain, "partner"))).toBe("not-required");
      expect(await run(signals.application(group))).toMatchObject({ kind: "unknown" });
    });

    test("another's failover shows in the activity log, late", async () => {
      const other = fault("other-failover", { kind: "forced", by: "eve@example.net" });
      const { run, pass, signals } = start(sites.neu, other);
      await pass(SECOND);
      expect(await run(entriesIn(signals.activity(group, HOUR)))).toEqual([]);
      await pass(5 * MINUTE);
      const entries = await run(entriesIn(signals.activity(group, HOUR)));
      expect(entries).toMatchObject([
        { what: "failover", by: "eve@example.net", ours: false, ended: { how: "well" } },
      ]);
    });
  });
}
