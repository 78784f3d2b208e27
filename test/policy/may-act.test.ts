// Which round asks for everything from its start, because it may be the one that acts.

import { expect, test } from "vitest";
import type { Incident } from "../../shared/domain/incident.ts";
import { decide } from "../../shared/policy/decide.ts";
import { mayAct } from "../../shared/policy/evidence/may-act.ts";
import { approval, facts, look, NOW, policy, SECOND } from "../support/facts.ts";

const HELD = { ...decide(facts(), policy()).decision, verdict: "hold", graceLeftMs: 30 * SECOND };
const LOOK = look("neu", { startedAt: NOW - 10 * SECOND, endedAt: NOW });
type Before = Pick<Incident, "decision" | "decidedAt">;

const may = (before: object, now = NOW, since: Partial<Parameters<typeof mayAct>[1]> = {}) =>
  mayAct(
    { decision: { ...HELD, ...before }, decidedAt: NOW } as Before,
    { approvals: [], look: LOOK, ...since },
    now,
  );

test("a first round may, and one after a round that would have", () => {
  const nothing = { approvals: [], look: null };
  expect(mayAct({ decision: null, decidedAt: null }, nothing, NOW)).toBe(true);
  expect(may({ verdict: "fail-over", graceLeftMs: 0 })).toBe(true);
});

test("one in the middle of the grace may not, nor one that has held past it", () => {
  expect(may({})).toBe(false);
  expect(may({ graceLeftMs: 0 })).toBe(false);
  expect(may({ graceLeftMs: null })).toBe(false);
});

test("one whose look, and its rows with two seconds, outlast the grace may", () => {
  expect(may({}, NOW + 18 * SECOND)).toBe(true);
  expect(may({}, NOW + 18 * SECOND - 1)).toBe(false);
  expect(may({}, NOW + 60 * SECOND)).toBe(true);
  expect(may({}, NOW + 28 * SECOND - 1, { look: null })).toBe(false);
  expect(may({}, NOW + 28 * SECOND, { look: null })).toBe(true);
});

test("one after an approval that the last one had not seen may", () => {
  const at = (approvedAt: number) => ({ approvals: [approval({ approvedAt })] });
  expect(may({}, NOW, at(NOW + 1))).toBe(true);
  expect(may({}, NOW, at(NOW))).toBe(false);
});
