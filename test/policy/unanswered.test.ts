import { expect, test } from "vitest";
import { decide } from "../../shared/policy/decide.ts";
import { foreseeUnanswered } from "../../shared/policy/evidence/unanswered.ts";
import { facts, HOUR, NOW, outage, policy } from "../support/facts.ts";

const AUTOMATIC = policy();
const foresee = (change: Parameters<typeof facts>[0], under = AUTOMATIC, storageFailed = false) => {
  const { decision } = decide(facts(change), under);
  const asked = { purpose: "fail-over", kind: "forced", policy: under, storageFailed } as const;
  return { rule: decision.rule, ...foreseeUnanswered(decision, asked) };
};
const MOVED = {
  lastRoleChange: { kind: "known", at: NOW - AUTOMATIC.cooldownMs + HOUR / 2 },
} as const;

test("an ask behind the cooldown alone says when it acts by itself", () =>
  expect(foresee(MOVED)).toEqual({ rule: "guard", kind: "acts-when-open", afterMs: HOUR / 2 }));

test("beside another guard that opens by itself no time is promised", () =>
  expect(foresee({ ...MOVED, undoRefusedAt: NOW })).toMatchObject({ afterMs: null }));

test.each([
  [
    "a guard that takes a person",
    { secondary: { ...facts().secondary, fitness: { kind: "unfit", because: "small" } } } as const,
    AUTOMATIC,
    false,
    "waits-for-guards",
  ],
  ["storage that failed, which asks afterwards", MOVED, AUTOMATIC, true, "waits-for-guards"],
  [
    "a diagnosis that is not on the list",
    MOVED,
    policy({ automatic: [] }),
    false,
    "waits-for-guards",
  ],
  [
    "a loss of the whole region that is not on the list",
    {},
    policy({ automatic: ["gray-writes"] }),
    false,
    "waits",
  ],
  ["a no", { ...MOVED, deniedAt: NOW }, AUTOMATIC, false, "waits"],
  ["mode approve", MOVED, policy({ mode: "approve" }), false, "waits"],
  ["no canary", MOVED, policy({ canary: false }), false, "waits"],
  ["a list that names no loss", {}, policy({ automatic: [] }), false, "waits"],
  [
    "failing storage, alone",
    { outage: outage({ storageFailedAt: NOW }) },
    AUTOMATIC,
    true,
    "waits",
  ],
])("behind %s nothing is promised that is not so", (_, change, under, storage, kind) =>
  expect(foresee(change, under, storage).kind).toBe(kind),
);
