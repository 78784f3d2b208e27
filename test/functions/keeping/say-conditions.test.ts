import { describe, expect, test } from "vitest";
import { replicationOf } from "../../../shared/azure/replication.ts";
import { EVERY_GROUP } from "../../../shared/domain/group.ts";
import type { Pause } from "../../../shared/domain/person.ts";
import type { ConditionEvidence } from "../../../shared/policy/conditions/condition-row.ts";
import { decide } from "../../../shared/policy/decide.ts";
import { blind, quiet, run, unreadable, World } from "../../support/condition-world.ts";
import { conditionEvidence, groupEvidence, pause, sight } from "../../support/conditions.ts";
import { facts, HOUR, MINUTE, NOW, policy, running, stateOf } from "../../support/facts.ts";

const OBSERVED = decide(facts(), policy({ mode: "observe" })).decision;
const LONG = { incidentId: "inc-1", sinceAt: NOW - HOUR };
const HELD = decide(facts({ operation: running("scale", "unknown") }), policy()).decision;
const SILENT = {
  site: "neu",
  region: "northeurope",
  answers: false,
  untaken: null,
  leads: true,
} as const;
const silentStore = (now: number) =>
  conditionEvidence({ target: SILENT, wouldActAt: NOW }, {}, now);

describe("a message to a hook", () => {
  const trouble = { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW };
  const told = async (evidence: (now: number) => ConditionEvidence) => {
    const world = new World();
    await run([world.site()], evidence, { fromMs: 0, toMs: HOUR, everyMs: MINUTE });
    return { event: world.heard[0], aboutAt: world.heardAbout[0], world };
  };

  test("names the group, and its incident where that is in trouble, whatever others are in", async () => {
    const bad = unreadable(NOW).groups.flatMap(({ unreadable: rows }) => rows);
    const two =
      (ofOrders: typeof trouble | null, ofStock: typeof trouble | null) => (now: number) =>
        conditionEvidence(
          {},
          {
            groups: [
              groupEvidence({ group: "stock", trouble: ofStock }, now),
              groupEvidence({ unreadable: bad, trouble: ofOrders }, now),
            ],
          },
          now,
        );
    const inTrouble = await told(two(trouble, null));
    expect(inTrouble.event).toMatchObject({ group: "orders", incidentId: "inc-1" });
    const other = await told(two(null, trouble));
    expect(other.event).toMatchObject({ group: "orders", incidentId: null });
  });

  test("says since when it is so at every try, and what it is", async () => {
    const { event, aboutAt, world } = await told(unreadable);
    expect(event?.data).toMatchObject({
      condition: "ledger-unreadable",
      what: "bad",
      state: "bad",
      badSinceAt: aboutAt,
    });
    expect(new Set(world.heardAbout).size).toBe(1);
    expect(world.heard.length).toBeGreaterThan(1);
  });

  test("about a site is of no single group", async () => {
    const others = (now: number) => [{ site: "weu", quietMs: now - NOW, leads: true }];
    const { event } = await told((now) =>
      conditionEvidence({ trouble }, { otherSites: others(now) }, now),
    );
    expect(event).toMatchObject({ group: EVERY_GROUP, incidentId: null });
  });
});

const UNPROVEN = { kind: "unknown", reason: "no-answer", because: "proof-too-old" } as const;
const refusing = (code: string) => [0, 1, 2].map(() => sight({ result: "alive", code }));

/** Lines that were broken are one again. */
const whole = (lines: readonly string[]) => lines.join(" ").replaceAll("   ", " ");

describe("a message to a tired reader, of at most 12 lines of 80 characters", () => {
  const text = async (evidence: (now: number) => ConditionEvidence, place: number) => {
    const world = new World();
    const site = world.site();
    await run([site], evidence, { fromMs: 0, toMs: 2 * HOUR, everyMs: MINUTE });
    await run([site], quiet, { fromMs: 2 * HOUR, toMs: 3 * HOUR, everyMs: MINUTE });
    expect(world.heard.every(({ urgent, type }) => urgent === (type === "page"))).toBe(true);
    return world.heard.at(place)?.text.split("\n");
  };
  const trouble = { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW };
  const paused = (change: Partial<Pause>, trouble: boolean) => (now: number) =>
    conditionEvidence(
      {
        pauses: [pause(change)],
        trouble: trouble ? { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW } : null,
      },
      {},
      now,
    );

  test("says what, since when, what to do and what it means", async () => {
    expect(await text(unreadable, 0)).toEqual([
      "orders: rows of the ledger cannot be read.",
      "Do now: deploy the newest release at every site, or repair or delete the row.",
      "Seen: 1: incident at neu (newer).",
      "Since: 2026-01-15 12:00:00 UTC.",
      "It means: nothing acts while an incident, claim or pause is unreadable.",
      "Told again in 15 min while it lasts.",
      "Seen by site-0. Condition: ledger-unreadable.",
    ]);
  });

  test("names the group in what to do: whoever copies the command need fill in nothing", async () => {
    const acts = decide(facts(), policy()).decision;
    const refused = { ...acts, verdict: "hold" as const, rule: "refused-by-check" };
    const told =
      (await text((now) => conditionEvidence({ decision: refused, trouble }, {}, now), 0)) ?? [];
    expect(whole(told)).toContain("npx geo-failover why orders");
    expect(told.join(" ")).not.toContain("GROUP");
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
    expect(texts[1]?.[2]).toBe("Seen: it was bad; nobody can tell now whether it still is.");
  });

  test("says when it is over", async () => {
    expect(await text(unreadable, -1)).toEqual([
      "orders: over: rows of the ledger cannot be read.",
      "Do now: nothing.",
      "It began 2026-01-15 12:00:00 UTC and ended 2026-01-15 14:00:00 UTC.",
      "Seen by site-0. Condition: ledger-unreadable.",
    ]);
  });

  test.each([
    [paused({}, true), "paused by kim, without an end"],
    [paused({ expiresAt: NOW + HOUR }, true), "paused by kim, until 2026-01-15 13:00:00 UTC"],
    [paused({ scope: "*" }, true), "paused by kim, with every other group, without an end"],
    [blind, "site-0 sees nothing: the name was not resolved (no-name)"],
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
      "an operation runs on the secondary or the group",
    ],
    [
      (now: number) =>
        conditionEvidence(
          { decision: OBSERVED, trouble: { ...LONG, outageKnownAt: null } },
          {},
          now,
        ),
      "the mode is observe: nothing acts. In mode automatic it would have failed over: the primary does not answer, the grace is over, and no guard is closed",
    ],
    [
      silentStore,
      "seen down from here; the store that a failover needs is silent: neu, northeurope",
    ],
    [
      (now: number) => conditionEvidence({}, { stores: [SILENT] }, now),
      "the store of neu, northeurope gives no answer, or takes nothing",
    ],
    [
      (now: number) => conditionEvidence({ sights: refusing("18456") }, {}, now),
      "most sites are answered: login refused: identity trouble, the server lives (18456)",
    ],
    [
      (now: number) => conditionEvidence({ sights: refusing("208") }, {}, now),
      "most sites are answered: the write itself was refused by the database (208)",
    ],
    [
      (now: number) =>
        conditionEvidence({ sights: [sight({ secondary: "silent" }), null, null] }, {}, now),
      "it answers no SQL to any site that asked",
    ],
    [
      (now: number) => conditionEvidence({ secondaryState: stateOf("Stopped") }, {}, now),
      "in Azure's own word its state is Stopped",
    ],
    [
      (now: number) => conditionEvidence({ replication: replicationOf("SUSPENDED") }, {}, now),
      "in Azure's own word for it: SUSPENDED",
    ],
    [
      (now: number) =>
        conditionEvidence(
          { application: [1, 2, 3].map(() => ({ at: now, ratio: 0.031, beganAt: NOW })) },
          {},
          now,
        ),
      "3.1 % of its requests succeed; 50 % is the floor",
    ],
    [
      (now: number) =>
        conditionEvidence({ keyPath: { kind: "denied", code: "Forbidden", ageMs: 0 } }, {}, now),
      "it is denied its key (Forbidden)",
    ],
    [
      (now: number) => conditionEvidence({ keyPath: UNPROVEN }, {}, now),
      "it has not proven that it reaches its key (proof-too-old)",
    ],
  ])("says what was seen: case %#", async (evidence, seen) => {
    const lines = (await text(evidence, 0)) ?? [];
    expect(whole(lines)).toContain(` Seen: ${seen}. Since: `);
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
    expect(lines.findIndex((line) => line.startsWith("Do now: "))).toBeLessThan(4);
  });

  test.each([
    ["silent", "is read, and does not say that it takes anything"],
    ["too-large", "does not take the heartbeat: it is too large"],
    ["others-write", "does not take the heartbeat: others keep changing it"],
  ] as const)("says why a store that is read takes nothing: %s", async (untaken, says) => {
    const stores = [{ ...SILENT, untaken }];
    const seen = await text((now) => conditionEvidence({}, { stores }, now), 0);
    expect(whole(seen ?? [])).toContain(` Seen: the store of neu, northeurope ${says}. Since: `);
  });
});
