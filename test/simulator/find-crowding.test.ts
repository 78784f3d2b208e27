// The limits of what anybody is sent, each on both sides.

import { expect, test } from "vitest";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import { countMessages, type Delivered, findCrowding } from "../../simulator/find-crowding.ts";
import { MINUTE, START } from "../support/simulated-sites.ts";

function message(id: string, minute: number, change: Partial<OutgoingEvent> = {}): Delivered {
  const at = START + minute * MINUTE;
  const type = id.split("~")[1] as OutgoingEvent["type"];
  const event = { id, type, group: "orders-fog", incidentId: "i", at, urgent: true };
  return { at, event: { ...event, text: "", data: {}, ...change } };
}

const every = (minutes: number, count: number, id: (nth: number) => string, urgent = true) =>
  Array.from({ length: count }, (_, nth) => message(id(nth), nth * minutes, { urgent }));

const CASES: readonly (readonly [what: string, sent: readonly Delivered[], broken: number])[] = [
  ["two asks within 15 minutes", every(14, 2, (n) => `i~ask~${n}~forced-trouble`), 1],
  ["two asks 15 minutes apart", every(15, 2, (n) => `i~ask~${n}~forced-trouble`), 0],
  ["a newer version of an ask", every(1, 2, (n) => `i~ask~a~forced-trouble${n ? "~v2" : ""}`), 0],
  [
    "an ask of a worse diagnosis",
    every(1, 2, (n) => `i~ask~${n}~forced-${n ? "regional-loss" : "trouble"}`),
    0,
  ],
  ["one ask from two sites", every(1, 2, () => "i~ask~a~forced-trouble"), 0],
  ["seven pages within an hour", every(9, 7, (n) => `i~page~refused-${n}`), 1],
  ["six pages within an hour", every(9, 6, (n) => `i~page~refused-${n}`), 0],
  ["seven pages of what came of acts", every(9, 7, (n) => `i~page~undone-${n}`), 0],
  [
    "pages of conditions and repeats of an ask",
    [...every(9, 6, (n) => `condition~page~${n}`), message("i~ask~a~forced-trouble~2", 50)],
    1,
  ],
  ["two notices within five minutes", every(4, 2, (n) => `i~notice~grace~${n}`, false), 1],
  [
    "a denied key told soon after a calm notice, and then a calm one again",
    [...every(6, 2, (n) => `i~notice~grace~${n}`, false), message("i~notice~key", 1)],
    0,
  ],
  ["a denied key told twice within five minutes", every(4, 2, (n) => `i~notice~key~${n}`), 1],
  ["two notices five minutes apart", every(5, 2, (n) => `i~notice~grace~${n}`, false), 0],
  ["two announcements within an hour", every(59, 2, (n) => `i~about-to-fail-over~${n}`), 1],
  ["two announcements an hour apart", every(60, 2, (n) => `i~about-to-fail-over~${n}`), 0],
  ["two that nothing comes", every(59, 2, (n) => `i~not-failing-over~${n}`), 1],
];

test.each(CASES)("%s", (_, sent, broken) => {
  expect(findCrowding(sent)).toHaveLength(broken);
});

test("counts asks and pages, each id once", () => {
  const sent = [
    message("i~ask~a~forced-trouble", 0),
    message("i~ask~a~forced-trouble~v2", 1),
    message("i~ask~a~forced-trouble~v2~2", 16),
    message("i~page~refused-Busy", 17),
    message("i~page~refused-Busy", 18),
  ];
  expect(countMessages(sent)).toEqual({ asks: 1, pages: 2 });
});
