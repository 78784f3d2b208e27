// Rows that are only added: what was told, answered and decided. Added again they are the same rows.

import { describe, expect, test } from "vitest";
import type { AuditEntry, OutgoingEvent } from "../../shared/domain/event.ts";
import { addedId, newestFirst, stampedId, stampIn } from "../../shared/ledger/added-ids.ts";
import { addAudit } from "../../shared/ledger/audit.ts";
import { earlierCall, keepAnswer } from "../../shared/ledger/call-answers.ts";
import { keepCall } from "../../shared/ledger/people.ts";
import { keepSent, wasSent } from "../../shared/ledger/sent.ts";
import { damageRow } from "../support/damaged-rows.ts";
import { call } from "../support/facts.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { NOW } from "../support/ledger-rows.ts";
import { GROUP } from "../support/simulated-sites.ts";

describe("an id of a row that is only added", () => {
  test("comes before that of any earlier instant, and is as long as that", () => {
    const ids = [0, 1, NOW - 1, NOW, NOW + 1, 9_999_999_999_999].map((at) => addedId(at, "x"));
    expect(ids.toSorted()).toEqual(ids.toReversed());
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set([11]));
    expect(newestFirst(9_999_999_999_999)).toBe("000000000");
  });

  test("is one that a table takes, for any instant that a clock may say", () => {
    for (const at of [-1, 1.5, 99_999_999_999_999]) {
      expect(newestFirst(at)).toMatch(/^[0-9a-z]{9}$/);
    }
    expect(newestFirst(-1)).toBe(newestFirst(0));
  });

  test("tells its instant where it ends with it; one that does not is as old as can be", () => {
    expect(stampIn(stampedId("decision-neu", NOW))).toBe(NOW);
    expect(stampIn(stampedId("decision", NOW + 0.4))).toBe(NOW);
    expect(stampIn("decision-")).toBe(0);
    expect(stampIn(stampedId("decision", 9_999_999_999_999))).toBe(9_999_999_999_999);
    expect(stampIn(stampedId("decision", 10_000_000_000_000))).toBe(0);
  });
});

describe("what was told", () => {
  const EVENT: OutgoingEvent = {
    id: "inc-1~ask",
    type: "ask",
    group: GROUP,
    incidentId: "inc-1",
    at: NOW,
    urgent: true,
    text: "The primary is lost. Approve?",
    data: { token: "once-and-secret" },
  };
  const KEY = { id: EVENT.id, aboutAt: NOW - 5 };

  test("is known to have been told once it is written down, and its token is not kept", async () => {
    const { world, at, run } = startLedger();
    expect(await run(wasSent(at("neu"), KEY))).toBe("not-sent");
    await run(keepSent(at("neu"), EVENT, { aboutAt: KEY.aboutAt, sentAt: NOW }));
    expect(await run(wasSent(at("neu"), KEY))).toBe("sent");
    expect(await run(wasSent(at("neu"), { ...KEY, aboutAt: NOW }))).toBe("not-sent");
    const rows = [...(world.stores.get("neu")?.parts.get(`${GROUP}/event`)?.values() ?? [])];
    expect(rows.map(({ json }) => JSON.parse(json ?? ""))).toEqual([
      { event: { ...EVENT, data: undefined }, sentAt: NOW },
    ]);
  });

  test("counts as told where its row cannot be read, and is unknown while the store is silent", async () => {
    const { world, at, run, silence } = startLedger();
    const id = addedId(KEY.aboutAt, KEY.id);
    damageRow(world, "neu", { group: GROUP, kind: "event", id }, "garbage");
    expect(await run(wasSent(at("neu"), KEY))).toBe("sent");
    silence("neu");
    expect(await run(wasSent(at("neu"), KEY))).toBe("unknown");
  });
});

describe("a call that is made again", () => {
  const ANSWER = { incidentId: "inc-1", missingAt: [] };

  test("is found with its answer in whichever store has that", async () => {
    const { ledger, at, run } = startLedger();
    expect(await run(earlierCall(ledger.all, "call-1"))).toBeNull();
    for (const site of ["weu", "neu"]) await run(keepCall(at(site), call()));
    expect(await run(earlierCall(ledger.all, "call-1"))).toEqual({ call: call(), answer: null });
    await run(keepAnswer([at("neu")], "call-1", ANSWER));
    const books = [at("weu"), at("neu"), at("sec")];
    expect(await run(earlierCall(books, "call-1"))).toEqual({ call: call(), answer: ANSWER });
    expect(await run(earlierCall(books.toReversed(), "call-1"))).toMatchObject({ answer: ANSWER });
  });

  test("is answered as it was answered first, and by one store while the other is silent", async () => {
    const { ledger, at, run, silence } = startLedger();
    await run(keepCall(at("neu"), call()));
    silence("weu");
    await run(keepAnswer(ledger.both("home"), "call-1", ANSWER));
    await run(keepAnswer(ledger.both("home"), "call-1", { ...ANSWER, incidentId: "inc-2" }));
    expect(await run(earlierCall(ledger.both("home"), "call-1"))).toMatchObject({ answer: ANSWER });
  });
});

test("a line of the audit that is added again, as it stood or otherwise, is the line that it was", async () => {
  const { world, at, run, count } = startLedger();
  const entry: AuditEntry = {
    id: "inc-1~moved",
    at: NOW,
    site: "neu",
    group: GROUP,
    incidentId: "inc-1",
    action: "moved",
    rule: "primary-lost",
    receiptId: null,
    actor: "geo-failover",
    detail: {},
  };
  await run(addAudit(at("neu"), entry, NOW));
  await run(addAudit(at("neu"), { ...entry, at: NOW + 9 }, NOW));
  expect(count("audit")).toBe(1);
  const rows = world.stores.get("neu")?.parts.get(`${GROUP}/audit`);
  expect(JSON.parse(rows?.get(addedId(NOW, entry.id))?.json ?? "")).toEqual(entry);
});
