import type { RawValue } from "./signal-forms.ts";
import type { Source } from "./sources.ts";

/** From `atMs` on, until the same source speaks again. */
export interface Signal {
  readonly atMs: number;
  readonly source: Source;
  readonly value: RawValue;
}

/** The settings of one incident file, complete: what it leaves out has the catalogue's default. */
export interface IncidentFileConfig {
  readonly tickMs: number;
  readonly graceMs: number;
  readonly grayGraceMs: number;
  readonly rtoMs: number;
  readonly lossBudgetMs: number;
  readonly lagMaxAgeMs: number;
  readonly cooldownMs: number;
  readonly mode: "observe" | "approve" | "automatic";
  readonly failback: "off" | "automatic";
  readonly failoverPolicy: "manual" | "automatic";
  /** We failed over to B just before the beginning. */
  readonly startsAway: boolean;
  readonly keys: "customer" | "service";
  /** The secondary beside the primary. */
  readonly secondarySku: "same" | "larger" | "other";
  readonly capacityRequired: boolean;
}

export const DECISIONS = ["failover", "never", "hold_for_approval", "abort"] as const;
export type JudgedDecision = (typeof DECISIONS)[number];

export const MODES = ["forced", "planned_then_forced", "cancel_escalation"] as const;
export type JudgedMode = (typeof MODES)[number];

export interface Expected {
  readonly decision: JudgedDecision;
  readonly earliestMs: number | null;
  readonly latestMs: number | null;
  readonly mode: JudgedMode | null;
}

/** One incident written down as signals over time, with what should come of it. */
export interface IncidentFile {
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly config: IncidentFileConfig;
  /** In order of time. */
  readonly signals: readonly Signal[];
  readonly expected: Expected | null;
}
