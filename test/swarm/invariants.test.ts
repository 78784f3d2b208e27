// Each invariant, seen to fire: a run in which a lost primary was failed over rightly breaks none, and one
// thing put wrong in it breaks the one that is named.

import { expect, test } from "vitest";
import { INVARIANTS, judge } from "../../swarm/invariants.ts";
import { addMoves, aPost, type Change, chronicle, lost, pages, START, sent } from "./chronicle.ts";

test("a lost primary that was failed over rightly breaks nothing", () => {
  expect(judge(chronicle())).toEqual([]);
});

const well: Change = { moves: [] };
const LATE = { at: 240_000, for: 300_000 };
const cut = (from: string) =>
  ({ kind: "fault", fault: { fault: "partition", from, to: "westeurope", ...LATE } }) as const;
const from0 = { at: 0, for: 600_000 };

const BREACHES: readonly (readonly [id: string, what: string, change: Change])[] = [
  [
    "I1",
    "it began with failing storage",
    addMoves({ kind: "fault", fault: { fault: "write-error", on: "home", number: 823, ...lost } }),
  ],
  ["I2", "two failovers took effect", { roles: ["us", "us"] }],
  [
    "I2",
    "the roles had moved ten seconds before",
    { roles: ["other"], posts: [aPost({ at: START + 335_000 })] },
  ],
  [
    "I2",
    "one claim was sent twice",
    { posts: [aPost(), aPost({ at: START + 301_000 })], claims: 1 },
  ],
  ["I3", "a site saw the primary alive", well],
  ["I4", "one site saw it down", { moves: [cut("northeurope")] }],
  [
    "I5",
    "the group was seeding",
    addMoves({ kind: "fault", fault: { fault: "seeding", ...from0 } }),
  ],
  ["I5", "another's failover ran", { runs: "other" }],
  [
    "I5",
    "the secondary was down",
    addMoves({ kind: "fault", fault: { fault: "instance-down", on: "partner", ...from0 } }),
  ],
  [
    "I6",
    "the key had been denied from the start",
    addMoves({ kind: "fault", fault: { fault: "key-denied", on: "partner", ...from0 } }),
  ],
  ["I7", "more was lost than the budget allows", { lostMs: 90_000 }],
  ["I8", "the mode was observe", { mode: "observe" }],
  ["I9", "two requests within a second", { posts: [aPost(), aPost({ at: START + 301_000 })] }],
  [
    "I9",
    "refused twice, and asked again ten seconds later",
    {
      posts: [0, 10, 20].map((seconds) =>
        aPost({ at: START + 300_000 + seconds * 1_000, answer: "AuthorizationFailed" }),
      ),
    },
  ],
  ["I10", "home was forced", { posts: [aPost({ side: "home" })] }],
  [
    "I11",
    "a blind site was counted",
    {
      moves: [
        cut("northeurope"),
        { kind: "fault", fault: { fault: "vantage-blind", site: "sec", ...LATE, at: 0 } },
      ],
    },
  ],
  ["I12", "nothing was written down of the request", { audit: [] }],
  ["I13", "the roles had changed just before", { roles: ["other", "us"] }],
  [
    "I14",
    "one that lies spoke for two",
    {
      moves: [
        { kind: "fault", fault: { fault: "peer-lies", site: "sec", how: "for-others", ...LATE } },
      ],
    },
  ],
  [
    "I15",
    "a pause had been answered 200",
    {
      orders: [
        { what: "pause", who: "kim", site: "neu", at: START, answeredAt: START + 1, status: 200 },
      ],
    },
  ],
  ["I16", "a role change without a receipt", { receipts: 0 }],
  ["I16", "a role change without a way home", { homes: [] }],
  ["I16", "forced while our planned failover ran", { runs: "us" }],
  [
    "I19",
    "the primary spoke in a code that nobody has seen",
    {
      moves: [
        { kind: "fault", fault: { fault: "sql-error", on: "home", number: 99_999, ...lost } },
      ],
    },
  ],
  ["L2", "it was decided to ask, and nobody was asked", { asks: true }],
  ["L3", "a claim was never settled", { claim: "sent" }],
  ["L6", "a seventh page within the hour", { sent: pages(7) }],
  [
    "silence",
    "a refusal of which nobody heard",
    { posts: [aPost({ answer: "AuthorizationFailed" })], roles: [], sent: [], receipts: 0 },
  ],
  ["silence", "a loss of which nobody heard", { posts: [], roles: [], sent: [], receipts: 0 }],
];

test.each(BREACHES)("%s fires: %s", (id, _, change) => {
  const invariant = INVARIANTS[id];
  expect(invariant?.(chronicle(change)).length).toBeGreaterThan(0);
});

test("each has been seen to fire", () => {
  expect(new Set(BREACHES.map(([id]) => id))).toEqual(new Set(Object.keys(INVARIANTS)));
});

test("what a person has approved is left to them", () => {
  const approved = {
    what: "approve",
    who: "kim",
    site: "neu",
    at: START,
    answeredAt: START,
    status: 202,
  } as const;
  expect(judge(chronicle({ ...well, orders: [approved] }))).toEqual([]);
});

test("a pause that was lifted, and one that was answered 202, stop nobody", () => {
  const pause = {
    what: "pause",
    who: "kim",
    site: "neu",
    at: START,
    answeredAt: START + 1,
  } as const;
  const lifted = { ...pause, what: "resume", at: START + 60_000, status: 200 } as const;
  expect(judge(chronicle({ orders: [{ ...pause, status: 200 }, lifted] }))).toEqual([]);
  expect(judge(chronicle({ orders: [{ ...pause, status: 202 }] }))).toEqual([]);
});

test("who acted says so in the audit of any store", () => {
  const audit = [sent("sec")];
  expect(judge(chronicle({ audit })).some((line) => line.startsWith("I12"))).toBe(true);
});
