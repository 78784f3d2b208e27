import { describe, expect, test } from "vitest";
import type { Site } from "../../shared/domain/group.ts";
import type { KeyCheck, KeyPath } from "../../shared/ports/key-path.ts";
import type { World, WorldSettings } from "../../simulator/azure/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createLab, fault, type Lab, partner, SECOND, sites } from "./world-under-test.ts";

/** What any way to the instances' own key checks must do. */
export function keyPathContract(
  name: string,
  make: (world: World, site: Site) => Promise<KeyPath>,
): void {
  const start = async (
    faults: readonly Fault[] = [],
    settings: Partial<WorldSettings> = {},
  ): Promise<Lab & { keyPath: KeyPath; check(): Promise<KeyCheck> }> => {
    const lab = createLab(faults, settings);
    const keyPath = await make(lab.world, sites.neu);
    const check = async (): Promise<KeyCheck> => {
      let step = await lab.run(keyPath.start(partner));
      for (let polls = 0; step.kind === "running" && polls < 10; polls++) {
        await lab.pass(step.retryAfterMs);
        step = await lab.run(keyPath.poll(partner, step.ticket));
      }
      return step;
    };
    return { ...lab, keyPath, check };
  };

  describe(name, () => {
    test("a service-managed key needs no vault and no check", async () => {
      const { run, keyPath, world } = await start([], { keys: "service" });
      const answer = { kind: "not-needed" };
      expect(await run(keyPath.start(partner))).toEqual({ kind: "answered", answer });
      expect(world.record.keyChecks).toEqual([]);
    });

    test("a check runs for a while and then proves the key", async () => {
      const { run, keyPath, check, clock } = await start();
      expect(await run(keyPath.start(partner))).toMatchObject({ kind: "running" });
      const startedAt = clock.now();
      expect(await check()).toEqual({ kind: "answered", answer: { kind: "proven" } });
      expect(clock.now() - startedAt).toBeGreaterThanOrEqual(5 * SECOND);
    });

    test("an identity without its right to the key is denied, by code", async () => {
      const { check } = await start([fault("key-denied", { on: "partner" })]);
      const answer = { kind: "denied", code: "AkvKeyAccessDenied" };
      expect(await check()).toEqual({ kind: "answered", answer });
    });

    test("a vault that the instance cannot reach is an answer, but neither proof nor denial", async () => {
      const { check } = await start([fault("key-unreachable", { on: "partner" })]);
      expect(await check()).toMatchObject({ kind: "answered", answer: { kind: "unknown" } });
    });

    test("a denial on the other instance says nothing about this one", async () => {
      const { check } = await start([fault("key-denied", { on: "home" })]);
      expect(await check()).toMatchObject({ answer: { kind: "proven" } });
    });

    test("a check that never ends is never answered", async () => {
      const { check } = await start([fault("key-check-silent", { on: "partner" })]);
      expect(await check()).toMatchObject({ kind: "running" });
    });

    test.each(["arm-down", "arm-5xx", "arm-throttled", "arm-html", "dns-fail"] as const)(
      "%s: nobody answered for the instance",
      async (what) => {
        const { run, keyPath } = await start([fault(what)]);
        expect(await run(keyPath.start(partner))).toMatchObject({ kind: "unanswered" });
      },
    );

    test("a poll URL of nothing is not answered", async () => {
      const { run, keyPath } = await start();
      const step = await run(keyPath.start(partner));
      if (step.kind !== "running") throw new Error("Cannot poll: the check does not run");
      const reading = await run(keyPath.poll(partner, `${step.ticket}x`));
      expect(reading).toMatchObject({ kind: "unanswered" });
    });
  });
}
