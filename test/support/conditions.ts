import { replicationOf } from "../../shared/azure/replication.ts";
import type { Condition } from "../../shared/domain/condition.ts";
import type { Pause } from "../../shared/domain/person.ts";
import type { Sight } from "../../shared/domain/tick-report.ts";
import type {
  ConditionEvidence,
  GroupEvidence,
  LedgerEvidence,
} from "../../shared/policy/conditions/condition-row.ts";
import {
  type Evaluation,
  evaluateConditions,
  keyOf,
  noteTold,
} from "../../shared/policy/conditions/evaluate-conditions.ts";
import { HOUR, look, NOW, policy, SECOND, stateOf } from "./facts.ts";

export const TICK = 15 * SECOND;

const QUIET: LedgerEvidence = {
  pauses: [],
  pausesReadable: true,
  unreadable: [],
  silentStores: [],
  leads: true,
};

/** What a site sees that sees all well. */
export function sight(change: Partial<Sight> = {}): Sight {
  return { result: "writes", code: "ok", isPartial: false, secondary: "answers", ...change };
}

/** One group of which nothing is to be said, but for what a test changes. */
export function groupEvidence(
  change: Partial<GroupEvidence> = {},
  now: number = NOW,
): GroupEvidence {
  const looks = [look("neu", { result: "writes", startedAt: now - SECOND, endedAt: now })];
  const target = { site: "neu", region: "northeurope", answers: true, untaken: null, leads: true };
  return {
    ...QUIET,
    group: "orders",
    target,
    policy: policy(),
    wouldActAt: null,
    looks,
    trouble: null,
    sights: policy().vantages.map(() => sight()),
    secondaryState: stateOf("Ready"),
    replication: replicationOf("CATCH_UP"),
    application: [],
    outages: [],
    keyPath: { kind: "proven", ageMs: 0 },
    protection: { kind: "protected" },
    primaryWork: { operation: null, readyAt: now },
    isRecovering: false,
    decision: null,
    ...change,
  };
}

/** A site that sees three sites tick and one quiet group. */
export function conditionEvidence(
  change: Partial<GroupEvidence> = {},
  site: Partial<ConditionEvidence> = {},
  now: number = NOW,
): ConditionEvidence {
  return {
    site: "neu",
    tickMs: TICK,
    standInMs: 60 * SECOND,
    groups: [groupEvidence(change, now)],
    everyGroup: QUIET,
    otherSites: ["weu", "sec"].map((name) => ({ site: name, quietMs: 0, leads: true })),
    stores: ["weu", "neu", "sec"].map((site) => ({
      site,
      region: "westeurope",
      answers: true,
      untaken: null,
      leads: true,
    })),
    ...site,
  };
}

export function pause(change: Partial<Pause> = {}): Pause {
  return {
    scope: "orders",
    reason: "maintenance",
    owner: "kim",
    pausedAt: NOW - HOUR,
    expiresAt: null,
    ...change,
  };
}

export interface Told {
  readonly at: number;
  readonly what: string;
}

/** One process of one site: it remembers its rows, and every message reaches people. */
export class Watcher {
  rows: readonly Condition[] = [];
  readonly told: Told[] = [];

  look(evidence: ConditionEvidence, now: number): Evaluation {
    const seen = evaluateConditions(evidence, { shared: this.rows, own: this.rows }, now);
    const noted = new Map(
      seen.tell.map((tell) => [keyOf(tell.condition), noteTold(tell, evidence.site, now)] as const),
    );
    for (const { what, severity, condition } of seen.tell) {
      this.told.push({ at: now - NOW, what: `${condition.type} ${what} ${severity}` });
    }
    this.rows = seen.rows.map((row) => noted.get(keyOf(row)) ?? row);
    return seen;
  }

  /** Looks again and again from one instant to another, both after `NOW`. */
  watch(
    fromMs: number,
    toMs: number,
    see: (now: number) => ConditionEvidence,
    everyMs: number = TICK,
  ): this {
    for (let now = NOW + fromMs; now < NOW + toMs; now += everyMs) this.look(see(now), now);
    return this;
  }
}
