import { describe, expect, test } from "vitest";
import { ScaledClock, VirtualClock } from "../src/clock.ts";

describe("virtual time", () => {
  test("moves only to what is due, in the order of the instants and then of setting", async () => {
    const clock = new VirtualClock(1000);
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name}@${clock.now()}`);
    clock.setTimer(3000, note("late"));
    clock.setTimer(2000, note("first"));
    clock.setTimer(2000, note("second"));
    clock.setTimer(2500, note("never")).cancel();
    await clock.runUntil(2999);
    expect(seen).toEqual(["first@2000", "second@2000"]);
    expect(clock.now()).toBe(2999);
  });

  test("waits for real work that it was told of", async () => {
    const clock = new VirtualClock(0);
    let loaded = false;
    const work = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => {
      loaded = true;
    });
    void clock.hold(work);
    await clock.runUntil(10);
    expect(loaded).toBe(true);
  });

  test("says why a condition never came true", async () => {
    const clock = new VirtualClock(0);
    await expect(clock.runUntil(() => false)).rejects.toThrow("nothing is left to happen");
    clock.setTimer(100, () => undefined);
    await expect(clock.runUntil(() => false, { limitAt: 50 })).rejects.toThrow(
      "the limit was reached",
    );
  });

  test("is run by one caller at a time", async () => {
    const clock = new VirtualClock(0);
    const running = clock.runUntil(10);
    await expect(clock.runUntil(10)).rejects.toThrow("already running");
    await running;
  });
});

describe("scaled time", () => {
  test("skipping fires what became due, each timer once", async () => {
    const clock = new ScaledClock({ startAt: 0, speed: 1 });
    let ticks = 0;
    const tick = (): void => {
      ticks++;
      clock.setTimer(clock.now() + 15_000, tick);
    };
    clock.setTimer(15_000, tick);
    clock.skipTo(3_600_000);
    await clock.sleep(5);
    expect(ticks).toBe(1);
    expect(clock.now()).toBeGreaterThanOrEqual(3_600_000);
    clock.close();
  });

  test("runs as much faster as it is told", async () => {
    const clock = new ScaledClock({ startAt: 0, speed: 10_000 });
    await clock.sleep(60_000);
    expect(clock.now()).toBeGreaterThanOrEqual(60_000);
    clock.setSpeed(1);
    const before = clock.now();
    expect(clock.now() - before).toBeLessThan(1000);
    clock.close();
  });

  test("once closed, fires nothing any more, whenever it was set", async () => {
    const clock = new ScaledClock({ startAt: 0, speed: 1 });
    const fired: string[] = [];
    clock.setTimer(1, () => fired.push("before"));
    clock.close();
    clock.setTimer(1, () => fired.push("after"));
    clock.skipTo(10);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fired).toEqual([]);
  });
});
