import { describe, expect, test } from "vitest";
import {
  blind,
  led,
  quiet,
  run,
  type Span,
  unreadable,
  World,
} from "../../support/condition-world.ts";
import { TICK } from "../../support/conditions.ts";
import { HOUR, MINUTE, NOW, SECOND } from "../../support/facts.ts";

const QUARTER: Span = { fromMs: 0, toMs: 14 * MINUTE };

describe("three sites that see the same", () => {
  test("tell it once, again as the table says, and once when it is over", async () => {
    const world = new World();
    const sites = [world.site(), world.site(), world.site()];
    await run(sites, unreadable, { fromMs: 0, toMs: 20 * MINUTE });
    await run(sites, quiet, { fromMs: 20 * MINUTE, toMs: 40 * MINUTE });
    expect(world.ids()).toEqual([
      "condition~orders~ledger-unreadable~bad-1",
      "condition~orders~ledger-unreadable~again-2",
      "condition~orders~ledger-unreadable~over-3",
    ]);
  });

  test("write rows only when something changes", async () => {
    const world = new World();
    const sites = [world.site(), world.site(), world.site()];
    await run(sites, quiet, { fromMs: 0, toMs: MINUTE });
    const before = world.writes;
    await run(sites, quiet, { fromMs: MINUTE, toMs: HOUR });
    expect(world.writes).toBe(before);
  });

  test("one that takes over does not tell again what the other has told", async () => {
    const world = new World();
    await run([world.site()], unreadable, { fromMs: 0, toMs: MINUTE });
    await run([world.site()], unreadable, { fromMs: MINUTE, toMs: 15 * MINUTE });
    expect(world.ids()).toEqual(["condition~orders~ledger-unreadable~bad-1"]);
  });

  test("two that both take themselves for the one that leads tell it once, and once again", async () => {
    const world = new World();
    // Each keeps what it has sent in its own store.
    world.broken.add("remember");
    const sites = [world.site(), world.site()];
    for (let now = NOW; now < NOW + 20 * MINUTE; now += TICK) {
      world.before = new Map(world.rows);
      for (const [i, keep] of sites.entries()) {
        await keep(led(unreadable(now), true, `site-${i}`), now);
      }
    }
    expect(world.ids()).toEqual([
      "condition~orders~ledger-unreadable~bad-1",
      "condition~orders~ledger-unreadable~again-2",
    ]);
  });

  test("another tells a minute later what the one that leads could not send", async () => {
    const world = new World();
    await run([world.site({ mute: true }), world.site()], unreadable, QUARTER);
    expect(world.heard.map(({ at }) => at - NOW)).toEqual([91 * SECOND]);
    const told = { timesTold: 1, toldAt: NOW + 91 * SECOND };
    expect(world.rows.get("orders~ledger-unreadable")).toMatchObject(told);
  });

  test("one that does not lead writes nothing before it has told, and then that it has", async () => {
    const world = new World();
    const site = world.site();
    const tick = (at: number) => site(led(unreadable(at), false, "site-1"), at);
    for (let ms = 0; ms <= MINUTE; ms += TICK) await tick(NOW + ms);
    const row = () => world.rows.get("orders~ledger-unreadable");
    expect([world.heard, row()]).toEqual([[], undefined]);
    for (let ms = MINUTE + TICK; ms <= 2 * MINUTE; ms += TICK) await tick(NOW + ms);
    expect(world.heard).toHaveLength(1);
    expect(row()).toMatchObject({ timesTold: 1 });
  });
});

describe("each site judges its own sight", () => {
  test("and tells of itself alone", async () => {
    const world = new World();
    await run([world.site(), world.site()], blind, QUARTER);
    expect(world.ids()).toEqual([
      "condition~orders~vantage-blind~site-0~bad-1",
      "condition~orders~vantage-blind~site-1~bad-1",
    ]);
  });
});

describe("when a part is lost", () => {
  test.each(["send", "reach"] as const)(
    "what could not be sent is tried again, and counts as told only then: %s",
    async (part) => {
      const world = new World();
      const site = world.site();
      world.broken.add(part);
      await run([site], unreadable, { fromMs: 0, toMs: 5 * MINUTE });
      expect([...world.rows.values()].every(({ toldAt }) => toldAt === null)).toBe(true);
      world.broken.clear();
      await run([site], unreadable, { fromMs: 5 * MINUTE, toMs: 14 * MINUTE });
      expect(world.heard.map(({ at }) => at - NOW)).toEqual([5 * MINUTE]);
    },
  );

  test.each(["read", "write"] as const)(
    "a ledger that cannot %s silences nobody, and nobody hammers",
    async (part) => {
      const world = new World();
      world.broken.add(part).add("remember");
      await run([world.site()], unreadable, QUARTER);
      expect(world.heard).toHaveLength(1);
    },
  );

  test("what was told meanwhile is not told again when the ledger is back", async () => {
    const world = new World();
    const site = world.site();
    world.broken.add("read");
    await run([site], unreadable, { fromMs: 0, toMs: 5 * MINUTE });
    world.broken.clear();
    await run([site, world.site()], unreadable, { fromMs: 5 * MINUTE, toMs: 14 * MINUTE });
    expect(world.heard).toHaveLength(1);
    expect(world.rows.get("orders~ledger-unreadable")).toMatchObject({ timesTold: 1 });
  });

  test("a store that comes back with an old copy is brought up to date, and nobody hears of it", async () => {
    const world = new World();
    const site = world.site();
    await run([site], unreadable, { fromMs: 0, toMs: TICK });
    const old = [...world.rows.values()];
    await run([site], unreadable, { fromMs: TICK, toMs: 5 * MINUTE });
    world.stale.push(...old);
    const before = world.writes;
    await run([site], unreadable, { fromMs: 5 * MINUTE, toMs: 14 * MINUTE });
    expect(world.heard).toHaveLength(1);
    expect([world.writes - before, world.stale]).toEqual([1, []]);
  });

  test("a crash between telling and writing tells again under the same id", async () => {
    const world = new World();
    const site = world.site();
    await run([site], unreadable, { fromMs: 0, toMs: 2 * TICK });
    world.broken.add("write");
    await run([site], unreadable, { fromMs: 2 * TICK, toMs: 3 * TICK });
    world.broken.clear();
    await run([world.site()], unreadable, { fromMs: 3 * TICK, toMs: 5 * TICK });
    expect(world.heard).toHaveLength(1);
    expect(world.rows.get("orders~ledger-unreadable")).toMatchObject({ timesTold: 1 });
  });
});
