// What the steps of a motor make of the looks at the new primary, each answer given by hand.

import { DummyOrchestrationContext } from "durable-functions";
import { expect, test } from "vitest";
import { follow } from "../../orchestrations/fail-over.ts";

type Look = "undone" | "unknown" | "primary";

const ANSWERS: Readonly<Record<Look, object>> = {
  undone: { kind: "undone" },
  unknown: { kind: "looked", verified: false, isPrimary: null },
  primary: { kind: "looked", verified: false, isPrimary: true },
};

const WORK = { group: "orders-fog", purpose: "fail-over", incidentId: "inc-1", motor: 1 } as const;
const SEEN = { rule: "primary-lost", verdict: "fail-over" } as const;

/** Follows a request that moved the roles; gives what was written down of it, and after how many looks. */
function proven(lookAt: (look: number) => Look): {
  readonly entry: string;
  readonly looks: number;
} {
  let looks = 0;
  let entry = "";
  const answer = (name: string, input: { entry?: { kind: string } }): object => {
    if (name === "PollOperation") return { kind: "moved" };
    if (name === "Verify") return ANSWERS[lookAt(looks++)];
    if (name === "Record") entry = input.entry?.kind ?? "";
    return { kind: name === "Notify" ? "sent" : "recorded" };
  };
  const context = Object.assign(new DummyOrchestrationContext(), {
    df: {
      currentUtcDateTime: new Date(0),
      setCustomStatus: () => undefined,
      createTimer: () => null,
      callActivity: answer,
    },
  });
  const steps = follow(context, WORK, SEEN, { epoch: 1, pollAfterMs: 0 });
  for (let step = steps.next(); step.done !== true; step = steps.next(step.value));
  return { entry, looks };
}

test("six looks that find the roles as before are an undone move, whatever was unread between them", () => {
  expect(proven(() => "undone")).toEqual({ entry: "undone", looks: 6 });
  expect(proven((look) => (look % 6 === 5 ? "unknown" : "undone"))).toEqual({
    entry: "undone",
    looks: 7,
  });
});

test("a look that finds the target primary ends that; one stale word at the end is no undone move", () => {
  expect(proven((look) => (look % 3 === 2 ? "primary" : "undone"))).toEqual({
    entry: "failed-over",
    looks: 60,
  });
  expect(proven((look) => (look === 59 ? "undone" : "primary"))).toEqual({
    entry: "failed-over",
    looks: 60,
  });
});
