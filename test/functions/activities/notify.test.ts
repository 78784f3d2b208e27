import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createNotify } from "../../../functions/activities/notify.ts";
import type { App } from "../../../functions/app.ts";
import type { Announcement, Work } from "../../../orchestrations/contracts.ts";
import type { Claim } from "../../../shared/domain/claim.ts";
import type { OutgoingEvent } from "../../../shared/domain/event.ts";
import type { Question } from "../../../shared/domain/person.ts";
import { changeClaim } from "../../../shared/ledger/claims.ts";
import { changeIncident } from "../../../shared/ledger/incidents.ts";
import { settleAsk } from "../../../shared/ledger/people.ts";
import {
  type Bench,
  claimFirst,
  lookUntil,
  loseRegion,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { asksIn } from "../../support/stored.ts";

const PAGE = { type: "page", key: "slow", urgent: true } as const;

async function asking(): Promise<{ bench: Bench; work: Work; announcement: Announcement }> {
  const bench = await startBench({ mode: "approve" });
  const work = await loseRegion(bench);
  const { announce } = await lookUntil(bench, work, "ask");
  if (announce === null) throw new Error("nobody is asked");
  return { bench, work, announcement: announce };
}

function tokensOf({ world }: Bench): readonly string[] {
  return world.record.sent.map(({ event }) => String(event.data.token));
}

describe("Notify", () => {
  test("twice: told once", async () => {
    const bench = await startBench();
    const work = { ...(await loseRegion(bench)), announcement: PAGE };
    expect(await bench.run(createNotify(bench.neu)(work))).toEqual({ kind: "sent" });
    expect(await bench.run(createNotify(bench.neu)(work))).toEqual({ kind: "told-already" });
    expect(bench.world.record.sent).toHaveLength(1);
  });

  test("a page of the same again: after a quarter of an hour and an hour more, however often it happens", async () => {
    const bench = await startBench();
    const work = await loseRegion(bench);
    const announcement = { ...PAGE, key: "refused-Busy" } as const;
    const kinds: string[] = [];
    for (const afterMs of [0, 10 * MINUTE, 5 * MINUTE, SECOND, 59 * MINUTE, MINUTE]) {
      await bench.pass(afterMs);
      kinds.push((await bench.run(createNotify(bench.neu)({ ...work, announcement }))).kind);
    }
    expect(kinds).toEqual(["sent", "told-already", "sent", "told-already", "told-already", "sent"]);
    // What is about something else is news.
    const other = { ...PAGE, key: "refused-AuthorizationFailed" } as const;
    const kind = await bench.run(createNotify(bench.neu)({ ...work, announcement: other }));
    expect(kind).toEqual({ kind: "sent" });
  });

  test("side by side: whatever goes out has one id, so that it is one event", async () => {
    const bench = await startBench();
    const work = { ...(await loseRegion(bench)), announcement: PAGE };
    const notify = createNotify(bench.neu);
    await bench.run(Promise.all([notify(work), notify(work)]));
    expect(new Set(bench.world.record.sent.map(({ event }) => event.id)).size).toBe(1);
  });

  test("after its motor was replaced: nobody is told", async () => {
    const bench = await startBench();
    const work = await loseRegion(bench);
    await nextMotor(bench, { ...work, id: work.incidentId }, "sec");
    await bench.run(createNotify(bench.neu)({ ...work, announcement: PAGE }));
    expect(bench.world.record.sent).toEqual([]);
  });

  test("an ask, twice: one ask, and its token is good", async () => {
    const { bench, work, announcement } = await asking();
    const notify = createNotify(bench.neu);
    await bench.run(notify({ ...work, announcement }));
    await bench.run(notify({ ...work, announcement }));
    expect(tokensOf(bench)).toHaveLength(1);
    expect(asksIn(bench.world)).toMatchObject([{ tokenHashes: [hashOf(tokensOf(bench)[0])] }]);
  });

  test("an ask that nobody takes does not grow with every try, and its newest token is good", async () => {
    const { bench, work, announcement } = await asking();
    const app: App = {
      ...bench.neu,
      ports: { ...bench.neu.ports, notifier: { send: async (event) => toNobody(event) } },
    };
    const tokens: string[] = [];
    const toNobody = ({ data }: OutgoingEvent) => {
      tokens.push(String(data.token));
      return "failed" as const;
    };
    for (let tries = 0; tries < 30; tries++) {
      expect(await bench.run(createNotify(app)({ ...work, announcement }))).toEqual({
        kind: "failed",
      });
    }
    const [kept] = asksIn(bench.world);
    expect(kept?.tokenHashes).toEqual(tokens.slice(-20).map(hashOf));
  });

  test("a notice that did not go out is due again in a minute, and then told once", async () => {
    const bench = await startBench();
    const work = await loseRegion(bench);
    const look = () => bench.run(createLookAndDecide(bench.neu)(work));
    const send = async () => "failed" as const;
    const deaf: App = { ...bench.neu, ports: { ...bench.neu.ports, notifier: { send } } };
    for (const app of [deaf, deaf, bench.neu]) {
      const seen = await look();
      const announcement = seen.kind === "decided" ? seen.announce : null;
      if (announcement?.type !== "notice") throw new Error("no notice is due");
      await bench.run(createNotify(app)({ ...work, announcement }));
      await bench.pass(10 * SECOND);
      expect(await look()).toMatchObject({ kind: "decided", announce: null });
      await bench.pass(MINUTE);
    }
    expect(bench.world.record.sent.map(({ event }) => event.type)).toEqual(["notice"]);
    expect(await look()).toMatchObject({ kind: "decided", announce: null });
  });

  test("an ask that can only be logged is logged once while it waits, not at every look", async () => {
    const { bench, work, announcement } = await asking();
    const logged: OutgoingEvent[] = [];
    const send = async (event: OutgoingEvent) => {
      logged.push(event);
      return "logged" as const;
    };
    const app: App = { ...bench.neu, ports: { ...bench.neu.ports, notifier: { send } } };
    expect(await bench.run(createNotify(app)({ ...work, announcement }))).toEqual({
      kind: "logged",
    });
    for (let look = 0; look < 3; look++) {
      const seen = await bench.run(createLookAndDecide(app)(work));
      expect(seen).toMatchObject({ verdict: "ask", announce: null });
    }
    expect(logged).toHaveLength(1);
  });

  test("an ask asks what the look that asked for it has seen, whatever was seen since", async () => {
    const { bench, work, announcement } = await asking();
    if (announcement.type !== "ask") throw new Error(`not an ask: ${announcement.type}`);
    const book = bench.neu.stores.of(bench.group).target("home");
    const worse = { kind: "unknown", because: "contradicted", database: null } as const;
    await bench.run(changeIncident(book, work, (row) => ({ ...row, loss: worse })));
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    expect(asksIn(bench.world)).toMatchObject([announcement.question]);
  });

  test("an ask, side by side: every token that went out is good", async () => {
    const { bench, work, announcement } = await asking();
    const notify = createNotify(bench.neu);
    const both = [notify({ ...work, announcement }), notify({ ...work, announcement })];
    await bench.run(Promise.all(both));
    expect(tokensOf(bench)).not.toEqual([]);
    expect(goodHashes(bench)).toEqual(expect.arrayContaining(tokensOf(bench).map(hashOf)));
  });

  test("an ask that was sent, but the worker died before it knew: its token stays good", async () => {
    const { bench, work, announcement } = await asking();
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    bench.world.stores.get("neu")?.parts.get(`${GROUP}/event`)?.clear();
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    expect(tokensOf(bench)).toHaveLength(2);
    expect(tokensOf(bench).map(hashOf)).toEqual(goodHashes(bench));
  });

  test("an ask goes out within five seconds, though the lost region's store does not answer", async () => {
    const { bench, work, announcement } = await asking();
    const decidedAt = bench.clock.now();
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    expect((bench.world.record.sent[0]?.at ?? 0) - decidedAt).toBeLessThan(5 * SECOND);
  });

  test.each([
    ["approve", "Nothing is sent before somebody answers."],
    ["automatic", "By itself it acts only on a whole loss that lasts its grace."],
  ] as const)("an ask in mode %s says what happens while nobody answers", async (mode, says) => {
    const bench = await startBench({ mode });
    const work = await loseRegion(bench);
    await bench.run(createLookAndDecide(bench.neu)(work));
    const question: Question = {
      ...{ kind: "forced", diagnosis: "regional-loss" },
      ...{ guards: [], lossAtMostMs: null, version: 1 },
    };
    const announcement = {
      type: "ask",
      key: "k~d",
      askKey: "k~d",
      urgent: true,
      question,
    } as const;
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    expect(bench.world.record.sent.at(-1)?.event.text.replaceAll("\n  ", " ")).toContain(says);
  });

  test("an ask that was answered meanwhile: it is not opened again", async () => {
    const { bench, work, announcement } = await asking();
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    const [ask] = asksIn(bench.world);
    const store = bench.neu.stores.of(bench.group).target("home");
    if (ask === undefined) throw new Error("nobody is asked");
    await bench.run(settleAsk(store, ask, { answer: "denied", at: bench.clock.now() }));
    await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    expect(asksIn(bench.world)).toMatchObject([{ answer: "denied" }]);
    expect(tokensOf(bench)).toHaveLength(1);
    // Also where nobody knows any more that it was sent.
    bench.world.stores.get("neu")?.parts.get(`${GROUP}/event`)?.clear();
    const told = await bench.run(createNotify(bench.neu)({ ...work, announcement }));
    expect(told).toEqual({ kind: "told-already" });
    expect(tokensOf(bench)).toHaveLength(1);
  });
});

describe("what is said once an hour", () => {
  async function claimed() {
    const bench = await startBench();
    const { work } = await claimFirst(bench);
    const about = (key: string) => {
      const announcement = { type: "about-to-fail-over", key, urgent: true } as const;
      return bench.run(createNotify(bench.neu)({ ...work, announcement }));
    };
    const book = bench.neu.stores.of(bench.group).target("home");
    return { bench, about, book };
  }
  const SENT = { kind: "sent" };
  const TOLD = { kind: "told-already" };

  test("is what is about to come, however many claims are taken for it", async () => {
    const { bench, about, book } = await claimed();
    expect([await about("1"), await about("2")]).toEqual([SENT, TOLD]);
    await bench.pass(90 * MINUTE);
    expect(await about("3")).toEqual(TOLD);
    const later = (claim: Claim): Claim => ({ ...claim, announcedAt: bench.clock.now() });
    await bench.run(changeClaim(book, 1, later));
    expect([await about("4"), await about("5")]).toEqual([SENT, TOLD]);
    const texts = bench.world.record.sent.map(({ event }) => event.type);
    expect(texts).toEqual(["about-to-fail-over", "about-to-fail-over"]);
  });

  test("is under its own key where there is no claim", async () => {
    const { bench, about } = await claimed();
    bench.world.stores.get("neu")?.parts.get(`${GROUP}/claim`)?.clear();
    expect([await about("1"), await about("2"), await about("2")]).toEqual([SENT, SENT, TOLD]);
  });
});

/** The hashes that open the ask. */
function goodHashes(bench: Bench): readonly string[] {
  const [ask] = asksIn(bench.world);
  return ask?.tokenHashes ?? [];
}

function hashOf(token: string | undefined): string {
  return createHash("sha256").update(String(token)).digest("hex");
}
