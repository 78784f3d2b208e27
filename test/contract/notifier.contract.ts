import { describe, expect, test } from "vitest";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Notifier } from "../../shared/ports/notifier.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createLab, fault, group, type Lab, SECOND } from "./world-under-test.ts";

/** What a caller waits for, at most. */
const WAIT_MS = 8 * SECOND;

export interface NotifierUnderTest {
  readonly notifier: Notifier;
  /** Ids of the events that people and hooks were told of, as often as they were. */
  readonly heard: () => readonly string[];
}

const event: OutgoingEvent = {
  id: "orders-fog-1~failed-over~1",
  type: "failed-over",
  group: group.name,
  incidentId: "orders-fog-1",
  at: 0,
  urgent: false,
  text: "orders-fog: failed-over",
  data: { newPrimary: "partner" },
};

/** What every way of telling people promises. */
export function notifierContract(name: string, make: (lab: Lab) => NotifierUnderTest): void {
  const start = (...faults: readonly Fault[]) => {
    const lab = createLab(faults);
    return { ...lab, ...make(lab) };
  };

  describe(name, () => {
    test("what was sent was heard, and soon", async () => {
      const { run, notifier, heard, clock } = start();
      const startedAt = clock.now();
      expect(await run(notifier.send(event))).toBe("sent");
      expect(heard()).toEqual([event.id]);
      expect(clock.now() - startedAt).toBeLessThan(SECOND);
    });

    test("the same event sent again keeps its id", async () => {
      const { run, notifier, heard } = start();
      await run(notifier.send(event));
      expect(await run(notifier.send(event))).toBe("sent");
      expect(new Set(heard())).toEqual(new Set([event.id]));
    });

    test("when nobody was told it says so, before its caller stops waiting", async () => {
      const { run, notifier, heard, clock } = start(fault("notifier-down"));
      const startedAt = clock.now();
      expect(await run(notifier.send(event))).toBe("failed");
      expect(heard()).toEqual([]);
      expect(clock.now() - startedAt).toBeLessThan(WAIT_MS);
    });
  });
}
