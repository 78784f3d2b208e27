// What a site remembers of a group between two looks, in its own store and, while that is silent, in its process.

import { describe, expect, test } from "vitest";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_WATCH, noKeyProof } from "../../shared/domain/watch.ts";
import { blipsIn, keepBlips } from "../../shared/ledger/blips.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import {
  keyProofIn,
  LOOKS,
  LOOKS_KEPT,
  lastRoleChangeIn,
  looksIn,
} from "../../shared/ledger/own-view.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import {
  forgetFutureLooks,
  keepKeyProof,
  keepLook,
  keepRoleChange,
  keepWatch,
  recall,
  withLook,
} from "../../shared/ledger/watches.ts";
import { DAMAGES, damageRow } from "../support/damaged-rows.ts";
import { look } from "../support/facts.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { NOW } from "../support/ledger-rows.ts";
import { GROUP } from "../support/simulated-sites.ts";

const lookAt = (startedAt: number): Observation =>
  look("neu", { startedAt, endedAt: startedAt + 100 });
const instants = (looks: readonly Observation[]) => looks.map(({ startedAt }) => startedAt - NOW);

function startMemory() {
  const bench = startLedger();
  const { run, ledger } = bench;
  return { ...bench, read: () => run(readOwn(ledger)) };
}

describe("who is primary", () => {
  test("is unknown at first, and taken to be home", async () => {
    const { read } = startMemory();
    expect(await read()).toMatchObject({ primary: null, expectedPrimary: "home", watch: NO_WATCH });
  });

  test("is what the tick remembers, and else what was written down with the last change", async () => {
    const { run, read } = startMemory();
    await run(keepRoleChange(await read(), { primary: "partner", at: NOW }));
    expect(await read()).toMatchObject({ primary: "partner", expectedPrimary: "partner" });
    await run(keepWatch(await read(), (watch) => ({ ...watch, primary: "home" })));
    expect(await read()).toMatchObject({ primary: "home", expectedPrimary: "home" });
  });

  test("is what this process saw last, while its store is silent", async () => {
    const { run, read, silence, ledger } = startMemory();
    await run(keepWatch(await read(), (watch) => ({ ...watch, primary: "partner" })));
    silence("neu");
    expect(await read()).toMatchObject({ primary: "partner", watch: NO_WATCH });
    await run(keepWatch(await read(), (watch) => ({ ...watch, primary: "home" })));
    expect(await read()).toMatchObject({ primary: "home" });
    expect(ledger.memory.primary).toBe("home");
  });

  test("is told from what is kept of the group now, whoever kept it since it was read", async () => {
    const { run, read } = startMemory();
    const view = await read();
    await run(keepWatch(view, (watch) => ({ ...watch, primary: "home", rolesReadAt: NOW })));
    const kept = await run(keepWatch(view, (watch) => ({ ...watch, primary: "partner" })));
    expect(kept).toMatchObject({ primary: "partner", rolesReadAt: NOW });
  });
});

describe("when the roles last changed", () => {
  test("is none, the instant that was written down, or unknown; never a guess", async () => {
    const { run, read, silence } = startMemory();
    expect(lastRoleChangeIn(await read())).toEqual({ kind: "none" });
    await run(keepRoleChange(await read(), { primary: "home", at: null }));
    expect(lastRoleChangeIn(await read())).toEqual({ kind: "none" });
    await run(keepRoleChange(await read(), { primary: "partner", at: NOW }));
    expect(lastRoleChangeIn(await read())).toEqual({ kind: "known", at: NOW });
    silence("neu");
    expect(lastRoleChangeIn(await read())).toEqual({ kind: "unknown", because: "store-silent" });
  });

  test.each(DAMAGES)("is unknown where the row holds %s", async (damage) => {
    const { world, read } = startMemory();
    damageRow(world, "neu", { group: GROUP, kind: "role-change", id: "neu" }, damage);
    const because = damage === "a newer schema" ? "row-newer" : "row-broken";
    expect(lastRoleChangeIn(await read())).toEqual({ kind: "unknown", because });
  });

  test("is not taken back by who saw the same primary earlier, and is by who saw another one", async () => {
    const { run, read } = startMemory();
    const keep = async (primary: "home" | "partner", at: number | null) => {
      expect(await run(keepRoleChange(await read(), { primary, at }))).toBe(true);
      return valueOrNull((await read()).roleChange);
    };
    await keep("partner", NOW);
    expect(await keep("partner", NOW - 1)).toEqual({ primary: "partner", at: NOW });
    expect(await keep("partner", null)).toEqual({ primary: "partner", at: NOW });
    expect(await keep("partner", NOW + 1)).toEqual({ primary: "partner", at: NOW + 1 });
    expect(await keep("home", NOW)).toEqual({ primary: "home", at: NOW });
  });

  test("that could not be written down is to be seen again", async () => {
    const { run, read, silence } = startMemory();
    silence("neu");
    expect(await run(keepRoleChange(await read(), { primary: "home", at: NOW }))).toBe(false);
  });
});

describe("looks", () => {
  test("of the tick, of rounds and of those who asked come together in order, each once", async () => {
    const { run, read } = startMemory();
    await run(keepWatch(await read(), (watch) => ({ ...watch, looks: [lookAt(NOW + 20)] })));
    await run(keepLook(await read(), "rounds", lookAt(NOW + 10)));
    await run(keepLook(await read(), "asked", lookAt(NOW + 30)));
    await run(keepLook(await read(), "asked", lookAt(NOW + 40)));
    const made = [lookAt(NOW + 40), lookAt(NOW + 50)];
    expect(instants(looksIn(await read(), NOW + 1_000, made))).toEqual([10, 20, 30, 40, 50]);
  });

  test("that end in the future are none, to the millisecond", async () => {
    const { run, read } = startMemory();
    await run(keepLook(await read(), "rounds", lookAt(NOW)));
    expect(instants(looksIn(await read(), NOW + 100))).toEqual([0]);
    expect(instants(looksIn(await read(), NOW + 99))).toEqual([]);
  });

  test("that are kept are the newest, no more than were asked for", async () => {
    const { run, read } = startMemory();
    for (let nth = 0; nth <= LOOKS_KEPT; nth++) {
      await run(keepLook(await read(), "rounds", lookAt(NOW + nth)));
    }
    const kept = instants(looksIn(await read(), NOW + 1_000));
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([LOOKS_KEPT, 1, LOOKS_KEPT]);
    const more = looksIn(await read(), NOW + 1_000, [lookAt(NOW + 900)]);
    expect([more.length, instants(more).at(-1)]).toEqual([LOOKS_KEPT, 900]);
  });

  test("that this process remembers are no more than are kept, and none before the first", async () => {
    const { read, silence, ledger } = startMemory();
    silence("neu");
    const view = await read();
    expect(looksIn(view, NOW + 1_000)).toEqual([]);
    for (let nth = 0; nth <= LOOKS_KEPT; nth++) recall(view, lookAt(NOW + nth));
    expect(ledger.memory.looks).toHaveLength(LOOKS_KEPT);
  });

  test("of this process count while its store is silent, and only then", async () => {
    const { run, read, silence } = startMemory();
    await run(keepLook(await read(), "rounds", lookAt(NOW)));
    recall(await read(), lookAt(NOW + 10));
    expect(instants(looksIn(await read(), NOW + 1_000))).toEqual([0]);
    silence("neu");
    await run(keepLook(await read(), "rounds", lookAt(NOW + 20)));
    expect(instants(looksIn(await read(), NOW + 1_000))).toEqual([0, 10, 20]);
  });

  test("made before the clock was set back give way to the next one", () => {
    const looks = [lookAt(NOW), lookAt(NOW + 10), lookAt(NOW + 20)];
    expect(instants(withLook(looks, lookAt(NOW + 10)))).toEqual([0, 10]);
    expect(instants(withLook(looks, lookAt(NOW + 30)))).toEqual([0, 10, 20, 30]);
  });

  test("of the future are forgotten, and nothing is written where there are none", async () => {
    const { run, read } = startMemory();
    await run(forgetFutureLooks(await read(), "rounds", NOW));
    for (const at of [NOW, NOW + 10]) await run(keepLook(await read(), "rounds", lookAt(at)));
    const before = (await read()).rows.one(LOOKS, "rounds");
    await run(forgetFutureLooks(await read(), "rounds", NOW + 110));
    expect((await read()).rows.one(LOOKS, "rounds")).toEqual(before);
    expect(instants(looksIn(await read(), NOW + 1_000))).toEqual([0, 10]);
    await run(forgetFutureLooks(await read(), "rounds", NOW + 109));
    expect(instants(looksIn(await read(), NOW + 1_000))).toEqual([0]);
  });
});

describe("what is known of the key", () => {
  test("is known of one side, and nothing of the other", async () => {
    const { run, read } = startMemory();
    expect(keyProofIn(await read(), "partner")).toEqual(noKeyProof("partner"));
    const proof = { ...noKeyProof("partner"), keyCheckedAt: NOW };
    await run(keepKeyProof(await read(), proof));
    expect(keyProofIn(await read(), "partner")).toEqual(proof);
    expect(keyProofIn(await read(), "home")).toEqual(noKeyProof("home"));
  });
});

describe("blips", () => {
  test("are counted once, however many ticks bring the looks", async () => {
    const { run, at } = startLedger();
    const rows = () => run(readLive(at("neu")));
    expect(await run(keepBlips(await rows(), [lookAt(NOW)]))).toBe(true);
    const counted = blipsIn(await rows());
    expect(counted).toMatchObject({ kind: "read", value: { countedAt: NOW } });
    expect(await run(keepBlips(await rows(), [lookAt(NOW)]))).toBe(true);
    expect(blipsIn(await rows())).toEqual(counted);
  });

  test("that could not be written are said to be missing", async () => {
    const { run, at, silence } = startLedger();
    silence("neu");
    expect(await run(keepBlips(await run(readLive(at("neu"))), [lookAt(NOW)]))).toBe(false);
  });
});
