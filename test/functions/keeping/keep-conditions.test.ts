import { describe, expect, test } from "vitest";
import {
  type ConditionLedger,
  createKeepConditions,
} from "../../../functions/keeping/keep-conditions.ts";
import { Condition } from "../../../shared/domain/condition.ts";
import type { OutgoingEvent } from "../../../shared/domain/event.ts";
import type { Pause } from "../../../shared/domain/person.ts";
import type { ConditionEvidence } from "../../../shared/policy/conditions/condition-row.ts";
import { keyOf } from "../../../shared/policy/conditions/evaluate-conditions.ts";
import { decide } from "../../../shared/policy/decide.ts";
import { conditionEvidence, pause, TICK } from "../../support/conditions.ts";
import { facts, HOUR, look, MINUTE, NOW, policy, running, SECOND } from "../../support/facts.ts";

/** One ledger that several sites share, and people who are told each id once. */
class World {
  readonly rows = new Map<string, Condition>();
  /** What a second store holds that was away. */
  readonly stale: Condition[] = [];
  /** What ticks have read that began earlier; null: they read what is there. */
  before: ReadonlyMap<string, Condition> | null = null;
  readonly heard: OutgoingEvent[] = [];
  writes = 0;
  broken = new Set<"read" | "write" | "send" | "remember">();

  ledger(mute = false): ConditionLedger {
    return {
      read: async () => {
        if (this.broken.has("read")) throw new Error("store unreachable");
        return [...this.stale, ...(this.before ?? this.rows).values()];
      },
      readAgain: async () => {
        if (this.broken.has("read")) throw new Error("store unreachable");
        return [...this.rows.values()];
      },
      write: async (rows) => {
        if (this.broken.has("write")) throw new Error("store unreachable");
        this.writes += 1;
        this.stale.length = 0;
        for (const row of rows) this.rows.set(keyOf(row), Condition.parse(row));
      },
      send: async (event) => {
        if (mute || this.broken.has("send")) return "failed";
        const known = this.heard.some(({ id }) => id === event.id);
        if (known && !this.broken.has("remember")) return "told-already";
        this.heard.push(event);
        return "sent";
      },
    };
  }

  /** A mute one reaches nobody. */
  site(of: { readonly mute: boolean } = { mute: false }) {
    const keep = createKeepConditions();
    const ledger = this.ledger(of.mute);
    return (evidence: ConditionEvidence, now: number) => keep(ledger, evidence, now);
  }

  ids(): readonly string[] {
    return this.heard.map(({ id }) => id.replace(/~\d+~/, "~"));
  }
}

type Site = ReturnType<World["site"]>;

/** Ticks of these sites between two instants, the first of which leads. */
async function run(sites: readonly Site[], of: (now: number) => ConditionEvidence, span: Span) {
  for (let now = NOW + span.fromMs; now < NOW + span.toMs; now += TICK) {
    for (const [i, keep] of sites.entries()) {
      const at = now + i * 1_000;
      await keep(led(of(at), i === 0, `site-${i}`), at);
    }
  }
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

function led(evidence: ConditionEvidence, leads: boolean, site: string): ConditionEvidence {
  const groups = evidence.groups.map((group) => ({ ...group, leads }));
  return { ...evidence, site, groups, everyGroup: { ...evidence.everyGroup, leads } };
}

const quiet = (now: number) => conditionEvidence({}, {}, now);
const unreadable = (now: number) => {
  const row = {
    group: "orders",
    kind: "incident",
    id: "one",
    store: "neu",
    because: "newer",
  } as const;
  return conditionEvidence({ unreadable: [row] }, {}, now);
};
const blind = (now: number) =>
  conditionEvidence({
    looks: [look("neu", { result: "blind", code: "no-name", startedAt: now, endedAt: now })],
  });
const HELD = decide(facts({ operation: running("scale", "unknown") }), policy()).decision;
const SILENT = { site: "neu", answers: false, untaken: null, leads: true } as const;
const silentStore = (now: number) =>
  conditionEvidence({ target: SILENT, wouldActAt: NOW }, {}, now);
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
  test("what could not be sent is tried again, and counts as told only then", async () => {
    const world = new World();
    const site = world.site();
    world.broken.add("send");
    await run([site], unreadable, { fromMs: 0, toMs: 5 * MINUTE });
    expect([...world.rows.values()].every(({ toldAt }) => toldAt === null)).toBe(true);
    world.broken.clear();
    await run([site], unreadable, { fromMs: 5 * MINUTE, toMs: 14 * MINUTE });
    expect(world.heard.map(({ at }) => at - NOW)).toEqual([5 * MINUTE]);
  });

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

describe("a message to a tired reader", () => {
  const text = async (evidence: (now: number) => ConditionEvidence, place: number) => {
    const world = new World();
    const site = world.site();
    await run([site], evidence, { fromMs: 0, toMs: 2 * HOUR });
    await run([site], quiet, { fromMs: 2 * HOUR, toMs: 3 * HOUR });
    expect(world.heard.every(({ urgent, type }) => urgent === (type === "page"))).toBe(true);
    return world.heard.at(place)?.text.split("\n");
  };
  const paused = (change: Partial<Pause>, trouble: boolean) => (now: number) =>
    conditionEvidence(
      { pauses: [pause(change)], trouble: trouble ? { incidentId: "inc-1", sinceAt: NOW } : null },
      {},
      now,
    );

  test("says what, since when, what to do and what it means", async () => {
    expect(await text(unreadable, 0)).toEqual([
      "orders: rows of the ledger cannot be read.",
      "Seen: 1: incident at neu (newer).",
      "Since: 2026-01-15 12:00:00 UTC.",
      "Do now: deploy the newest release at every site, or repair or delete the row.",
      "It means: nothing acts while an incident, claim or pause is unreadable.",
      "Told again in 15 min while it lasts.",
      "Seen by site-0. Condition: ledger-unreadable.",
    ]);
  });

  test("says that it still stands, and how often that was said", async () => {
    const lines = await text(unreadable, 2);
    expect(lines?.at(0)).toBe("orders: still: rows of the ledger cannot be read.");
    expect(lines?.at(-2)).toBe("Told 2 times before. Told again in 6 h while it lasts.");
    expect((await text(unreadable, 1))?.at(-2)).toBe(
      "Told once before. Told again in 1 h while it lasts.",
    );
  });

  test("says that it got worse, and what can no longer be seen", async () => {
    const world = new World();
    const site = world.site();
    const row = {
      group: "orders",
      kind: "ask",
      id: "one",
      store: "neu",
      because: "newer",
    } as const;
    const notice = (now: number) => conditionEvidence({ unreadable: [row] }, {}, now);
    const hidden = (now: number) => conditionEvidence({ silentStores: ["neu"] }, {}, now);
    await run([site], notice, { fromMs: 0, toMs: 5 * MINUTE });
    await run([site], unreadable, { fromMs: 5 * MINUTE, toMs: 6 * MINUTE });
    await run([site], hidden, { fromMs: 6 * MINUTE, toMs: HOUR });
    const texts = world.heard.slice(1).map(({ text: said }) => said.split("\n"));
    expect(texts.map((lines) => [lines[0], lines.at(-2)])).toEqual([
      [
        "orders: urgent now: rows of the ledger cannot be read.",
        "Told once before. Told again in 15 min while it lasts.",
      ],
      [
        "orders: still: rows of the ledger cannot be read.",
        "Told 2 times before. Told again in 1 h while it lasts.",
      ],
    ]);
    expect(texts[1]?.[1]).toBe("Seen: it was bad; nobody can tell now whether it still is.");
  });

  test("says when it is over", async () => {
    expect(await text(unreadable, -1)).toEqual([
      "orders: over: rows of the ledger cannot be read.",
      "It began 2026-01-15 12:00:00 UTC and ended 2026-01-15 14:00:00 UTC.",
      "Do now: nothing.",
      "Seen by site-0. Condition: ledger-unreadable.",
    ]);
  });

  test.each([
    [paused({}, true), "paused by kim, without an end"],
    [paused({ expiresAt: NOW + HOUR }, true), "paused by kim, until 2026-01-15 13:00:00 UTC"],
    [paused({ scope: "*" }, true), "paused by kim, with every other group, without an end"],
    [blind, "site-0 sees nothing: no-name"],
    [
      (now: number) =>
        conditionEvidence(
          {},
          { otherSites: [{ site: "weu", quietMs: now - NOW, leads: true }] },
          now,
        ),
      "weu has not been heard",
    ],
    [
      (now: number) => conditionEvidence({ decision: HELD }, {}, now),
      "operation-running (name scale, by unknown)",
    ],
    [silentStore, "seen down from here; the store that a failover needs is silent: neu"],
    [
      (now: number) => conditionEvidence({}, { stores: [SILENT] }, now),
      "the store of neu gives no answer, or takes nothing",
    ],
  ])("says what was seen: case %#", async (evidence, seen) => {
    expect((await text(evidence, 0))?.at(1)).toBe(`Seen: ${seen}.`);
  });

  test.each([
    ["silent", "is read, and does not say that it takes anything"],
    ["too-large", "does not take the heartbeat: it is too large"],
    ["others-write", "does not take the heartbeat: others keep changing it"],
  ] as const)("says why a store that is read takes nothing: %s", async (untaken, says) => {
    const stores = [{ ...SILENT, untaken }];
    const seen = await text((now) => conditionEvidence({}, { stores }, now), 0);
    expect(seen?.at(1)).toBe(`Seen: the store of neu ${says}.`);
  });

  test("has at most 12 lines of 80 characters, and what to do within the first four", async () => {
    const pauses = [paused({}, true), paused({ scope: "*" }, true)];
    for (const evidence of [unreadable, ...pauses, blind, silentStore]) {
      const lines = (await text(evidence, 0)) ?? [];
      expect(lines.length).toBeLessThanOrEqual(12);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
      expect(lines.findIndex((line) => line.startsWith("Do now: "))).toBeLessThan(4);
    }
  });
});
