import fc from "fast-check";
import { expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Condition } from "../../shared/domain/condition.ts";
import type {
  ConditionEvidence,
  GroupEvidence,
} from "../../shared/policy/conditions/condition-row.ts";
import { conditionRow } from "../../shared/policy/conditions/conditions.ts";
import {
  evaluateConditions,
  keyOf,
  noteTold,
  type Tell,
} from "../../shared/policy/conditions/evaluate-conditions.ts";
import type { Protection } from "../../shared/policy/evidence/protection.ts";
import { conditionEvidence, pause, sight } from "../support/conditions.ts";
import { HOUR, look, MINUTE, NOW, SECOND } from "../support/facts.ts";
import { THOROUGH } from "../support/thorough.ts";

// For whatever is seen, in whatever order and at whatever times.

/** One look, and how long after the one before. */
interface Step {
  readonly afterMs: number;
  readonly group: Partial<GroupEvidence>;
  readonly quietMs: number | null;
  readonly leads: boolean;
}

const anyRow = fc.record({
  group: fc.constant("orders"),
  kind: fc.constantFrom("incident", "ask"),
  id: fc.constant("one"),
  store: fc.constant("neu"),
  because: fc.constant("newer"),
});

const REFUSED = sight({ result: "alive", code: "18456" });
const NO_TABLE = sight({ result: "alive", code: "208" });
const SILENT = sight({ secondary: "silent" });

const anyStep: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.constantFrom(0, 15 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 20 * MINUTE, 2 * HOUR),
  group: fc.record({
    unreadable: fc.array(anyRow, { maxLength: 2 }),
    silentStores: fc.constantFrom([], ["weu"]),
    pauses: fc.constantFrom(
      [],
      [pause()],
      [pause({ scope: "*" })],
      [pause({ expiresAt: NOW + HOUR })],
    ),
    pausesReadable: fc.boolean(),
    target: fc.record({
      site: fc.constant("neu"),
      answers: fc.constantFrom(true, false, null),
      region: fc.constant("northeurope"),
      untaken: fc.constant(null),
      leads: fc.boolean(),
    }),
    wouldActAt: fc.constantFrom(null, NOW, NOW + 5 * MINUTE),
    trouble: fc.constantFrom(null, { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW }),
    looks: fc.constantFrom([], [look("neu", { result: "blind" })], [look("neu")]),
    sights: fc.array(fc.constantFrom(null, REFUSED, NO_TABLE, SILENT, sight()), {
      minLength: 3,
      maxLength: 3,
    }),
    replication: fc.constantFrom(null, replicationOf("SUSPENDED"), replicationOf("CATCH_UP")),
    protection: fc.constantFrom<Protection>(
      { kind: "protected" },
      { kind: "unprotected", sinceAt: NOW - 50 * MINUTE },
      { kind: "unknown", because: "row-broken" },
    ),
    primaryWork: fc.constantFrom(
      { operation: null, readyAt: null },
      {
        operation: {
          what: "scale" as const,
          said: "UpsertManagedServer",
          beganAt: NOW - 24 * HOUR,
        },
        readyAt: null,
      },
    ),
    isRecovering: fc.boolean(),
  }),
  quietMs: fc.constantFrom(null, 0, MINUTE, 5 * MINUTE),
  leads: fc.boolean(),
});
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 60 });

function evidenceOf({ group, quietMs, leads }: Step, now: number): ConditionEvidence {
  const looks = (group.looks ?? []).map((one) => ({ ...one, startedAt: now, endedAt: now }));
  const otherSites = [{ site: "weu", quietMs, leads }];
  return conditionEvidence({ ...group, looks, leads }, { otherSites }, now);
}

interface Sent extends Tell {
  readonly at: number;
}

/** What people hear while the steps go by. Every message is sent. */
function hear(
  steps: readonly Step[],
  check: (evidence: ConditionEvidence, rows: readonly Condition[], now: number) => void = () => {},
): readonly Sent[] {
  let now = NOW;
  let rows: readonly Condition[] = [];
  return steps.flatMap((step) => {
    now += step.afterMs;
    const evidence = evidenceOf(step, now);
    const seen = evaluateConditions(evidence, { shared: rows, own: rows }, now);
    const told = new Map(
      seen.tell.map((tell) => [keyOf(tell.condition), noteTold(tell, evidence.site, now)]),
    );
    rows = seen.rows.map((row) => told.get(keyOf(row)) ?? row);
    check(evidence, rows, now);
    return seen.tell.map((tell) => ({ ...tell, at: now }));
  });
}

function byCondition(sent: readonly Sent[]): readonly (readonly Sent[])[] {
  const keys = new Set(sent.map(({ condition }) => keyOf(condition)));
  return [...keys].map((key) => sent.filter(({ condition }) => keyOf(condition) === key));
}

const RUNS = { numRuns: THOROUGH ? 500 : 250 };

test("bad is told once before it is over, and over only after bad", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      for (const one of byCondition(hear(steps))) {
        const ends = one
          .map(({ what }) => what)
          .filter((what) => what === "bad" || what === "over");
        expect(ends).toEqual(ends.map((_, i) => (i % 2 === 0 ? "bad" : "over")));
      }
    }),
    RUNS,
  );
});

test("a repeat never comes sooner than any wait of the table, nor one after the other sooner than it says", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      for (const one of byCondition(hear(steps))) {
        for (const [i, { what, at, severity, condition }] of one.entries()) {
          if (what !== "again") continue;
          const waits = conditionRow(condition.type)[severity]?.againMs ?? [];
          const wait = waits[condition.step - 1] ?? waits.at(-1) ?? 0;
          expect(at - (one[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(wait);
        }
      }
    }),
    RUNS,
  );
});

test("nothing that is told has the id of another message", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      const ids = hear(steps).map(({ id }) => id);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    }),
    RUNS,
  );
});

test("looking again at the same instant changes nothing and tells nothing", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      hear(steps, (evidence, rows, now) => {
        const again = evaluateConditions(evidence, { shared: rows, own: rows }, now);
        expect(again.tell).toEqual([]);
        expect(again.rows).toEqual(rows);
      });
    }),
    RUNS,
  );
});

test("what is unknown is never said to be over, and what is well never to be bad", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      for (const { what, condition } of hear(steps)) {
        expect(condition.state === "ok").toBe(what === "over");
        if (what === "bad" || what === "worse") expect(condition.state).toBe("bad");
      }
    }),
    RUNS,
  );
});

test("quiet evidence tells nothing, at whatever times it is looked at", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: HOUR }), { maxLength: 200 }), (waits) => {
      const quiet = { group: { looks: [look("neu", { result: "writes" })] }, quietMs: 0 };
      expect(hear(waits.map((afterMs) => ({ afterMs, ...quiet, leads: true })))).toEqual([]);
    }),
    RUNS,
  );
});
