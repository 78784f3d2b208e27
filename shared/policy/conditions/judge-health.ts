import type { TickReport, UnreadableRow } from "../../domain/tick-report.ts";
import { isHolding } from "../evidence/weigh-unreadable.ts";
import { TICKS_MISSED_MAX } from "./find-blind.ts";

/** What a site has written down of its last tick, as another process of it reads it. */
export interface HealthEvidence {
  readonly now: number;
  readonly tickMs: number;
  /** Names of the groups that should be watched. */
  readonly groups: readonly string[];
  readonly heartbeat:
    | { readonly kind: "read"; readonly at: number; readonly report: TickReport }
    | { readonly kind: "never" }
    | { readonly kind: "unknown"; readonly because: string };
}

interface GroupHealth {
  readonly group: string;
  /** Null: never, or not known. */
  readonly lastLookAgeMs: number | null;
}

export interface Health {
  /** `ticking` is well; any other is not, and is API. */
  readonly health:
    | "ticking"
    | "health-unknown"
    | "not-ticking"
    | "ledger-unreadable"
    | "tick-failed"
    | "not-looking";
  /** What is wrong and what to do, in words; null while all is well. */
  readonly detail: string | null;
  readonly lastTickAgeMs: number | null;
  readonly allowedMs: number;
  readonly groups: readonly GroupHealth[];
}

/**
 * Is this site well? Not when it does not tick, when a group has had no look for four ticks, when a
 * group's last tick came to no end, or while an incident, claim or pause cannot be read.
 */
export function judgeHealth(evidence: HealthEvidence): Health {
  const { heartbeat, now, tickMs } = evidence;
  const allowedMs = TICKS_MISSED_MAX * tickMs;
  const [lastTickAgeMs, report] =
    heartbeat.kind === "read"
      ? [Math.max(0, now - heartbeat.at), heartbeat.report]
      : [null, { groups: [], unreadable: [] }];
  const groups = evidence.groups.map((group) => {
    const lookedAt = report.groups.find((of) => of.group === group)?.lookedAt ?? null;
    return { group, lastLookAgeMs: lookedAt === null ? null : Math.max(0, now - lookedAt) };
  });
  const wrong =
    findNotTicking(heartbeat, lastTickAgeMs, allowedMs) ??
    findUnreadable(report.unreadable) ??
    findFailed(report, evidence.groups) ??
    findNotLooking(groups, allowedMs);
  return { ...(wrong ?? WELL), lastTickAgeMs, allowedMs, groups };
}

type Verdict = Pick<Health, "health" | "detail">;

const WELL: Verdict = { health: "ticking", detail: null };

function findNotTicking(
  heartbeat: HealthEvidence["heartbeat"],
  ageMs: number | null,
  allowedMs: number,
): Verdict | null {
  if (heartbeat.kind === "unknown") {
    const detail = `Cannot read the last tick: ${heartbeat.because}; see whether this site reaches its own storage`;
    return { health: "health-unknown", detail };
  }
  if (ageMs !== null && ageMs < allowedMs) return null;
  const last = ageMs === null ? "never" : `${seconds(ageMs)} ago`;
  const detail = `The last tick was ${last}; ${seconds(allowedMs)} are allowed: see whether the timer runs, restart the app`;
  return { health: "not-ticking", detail };
}

function findUnreadable(rows: readonly UnreadableRow[]): Verdict | null {
  const [row, ...more] = rows.filter(isHolding);
  if (row === undefined) return null;
  const which = `${row.kind} of ${row.group ?? "every group"} at ${row.store} (${row.because})`;
  const rest = more.length === 0 ? "" : ` and ${more.length} more`;
  const detail = `Cannot read ${which}${rest}: nothing acts; deploy the newest release, or repair or delete the row`;
  return { health: "ledger-unreadable", detail };
}

function findFailed({ groups }: TickReport, configured: readonly string[]): Verdict | null {
  const failed = groups.filter((of) => configured.includes(of.group) && of.failedBecause !== null);
  if (failed.length === 0) return null;
  const which = failed.map((of) => `${of.group} (${of.failedBecause})`).join(", ");
  const detail = `The last tick came to no end for ${which}: see this site's log and its own storage`;
  return { health: "tick-failed", detail };
}

function findNotLooking(groups: readonly GroupHealth[], allowedMs: number): Verdict | null {
  const unseen = groups.filter((of) => of.lastLookAgeMs === null || of.lastLookAgeMs >= allowedMs);
  if (unseen.length === 0) return null;
  const which = unseen.map((of) => of.group).join(", ");
  const detail = `No look for ${seconds(allowedMs)} at ${which}: see this site's log, restart the app`;
  return { health: "not-looking", detail };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
