import {
  type Condition,
  type ConditionType,
  conditionId,
  type Severity,
} from "../../domain/condition.ts";
import { EVERY_GROUP } from "../../domain/group.ts";
import { QUIET_MS } from "../evidence/quiet-site.ts";
import type { ConditionEvidence, ConditionRow, Finding, Telling } from "./condition-row.ts";
import { CONDITIONS } from "./conditions.ts";

// What lasts, and what people have to be told of it.
//
// P1. Told once that it is bad, however often it is looked at; over only after it was told.
// P2. Repeats wait as long as the table says, also when it comes back soon after its end.
// P3. Unknown ends nothing, and tells of nothing that was not told before.
// P4. A telling counts when it was sent: until then every look gives the same one, under the same id.
// P5. One site keeps the shared row and tells. Another tells when that one has not for a minute, from
//     what it sees itself: sites that see differently must not undo each other's row at every tick.
// P6. Of one group no page is repeated within a quarter of an hour of another page: several that last take turns,
//     the one that was told longest ago first. What turns bad waits for nothing.
// P7. What was told is over when the site that saw it so and told it last sees the end: another that sees
//     it well may never have seen it otherwise. Where that one is gone, it is for who leads.

/** What comes back within this time of its end is the same trouble, and goes on waiting. */
const COMES_BACK_MS = 60 * 60_000;
/** But no longer than this: what is new again must not stay unsaid for a day. */
const HELD_MAX_MS = 60 * 60_000;
/** Repeats of pages of one group are so far apart. */
const REPEATS_APART_MS = 15 * 60_000;
/** Who has not repeated it this long after its time tells no more. */
const OVERDUE_MS = 10 * 60_000 + REPEATS_APART_MS;

export type TellWhat = "bad" | "worse" | "again" | "over";

/** What was known before this look. */
export interface Past {
  /** Rows of the ledger, each as often as stores hold it; none where no store answers. */
  readonly shared: readonly Condition[];
  /** As this process's last look left them: they outlive a ledger that cannot be read or written. */
  readonly own: readonly Condition[];
}

/** One message that is due. */
export interface Tell {
  /** The same from whichever site, until it is noted as told. */
  readonly id: string;
  readonly what: TellWhat;
  readonly severity: Severity;
  readonly condition: Condition;
  /** What else was paged of the group, and waits for its turn while it lasts. */
  readonly besides: readonly ConditionType[];
}

export interface Evaluation {
  /** Every condition as seen from here, before anything of `tell` is told. */
  readonly rows: readonly Condition[];
  /** Keys of those whose shared row is this site's to keep. */
  readonly keeps: ReadonlySet<string>;
  readonly tell: readonly Tell[];
}

/** What the evidence makes of the conditions, and which of them are due to be told. Changes nothing. */
export function evaluateConditions(
  evidence: ConditionEvidence,
  { shared, own }: Past,
  now: number,
): Evaluation {
  const [sharedBy, ownBy] = [byKey(shared), byKey(own)];
  const seen = CONDITIONS.flatMap((row) =>
    row.find(evidence, now).map((finding) => {
      const look: Seen = { row, finding, now };
      const key = keyOf({ type: row.type, ...finding });
      const before = recall(sharedBy.get(key) ?? null, ownBy.get(key) ?? null);
      const condition = goOn(before, look);
      const ours = isOurs(condition, look, evidence);
      const waitMs = finding.leads ? 0 : evidence.standInMs;
      const due = findDue(condition, look, waitMs);
      return { key, condition, ours, what: due === "over" && !ours ? null : due };
    }),
  );
  const rows = seen.map(({ condition }) => condition);
  const due = seen.flatMap(({ condition, what }) =>
    what === null ? [] : [tellOf(condition, what, besides(rows, condition))],
  );
  return {
    rows,
    keeps: new Set(seen.flatMap(({ key, ours }) => (ours ? [key] : []))),
    tell: due.filter((tell) => !isRepeat(tell) || isItsTurn(tell, due, rows, now)),
  };
}

function isRepeat({ what, severity }: Tell): boolean {
  return what === "again" && severity === "page";
}

/** Of what was paged of a group and lasts one is repeated, and none soon after another page. */
function isItsTurn(
  tell: Tell,
  due: readonly Tell[],
  rows: readonly Condition[],
  now: number,
): boolean {
  const { group } = tell.condition;
  const ofGroup = due.filter(({ condition }) => condition.group === group);
  const [first] = ofGroup
    .filter(isRepeat)
    .toSorted((a, b) => (a.condition.toldAt ?? now) - (b.condition.toldAt ?? now));
  if (first !== tell) return false;
  return !rows.some((row) => {
    if (row.group !== group) return false;
    const news = ofGroup.find(({ condition, what }) => condition === row && what !== "over");
    if (news !== undefined && !isRepeat(news)) return news.severity === "page";
    const sinceMs = now - (row.toldAt ?? Number.NEGATIVE_INFINITY);
    return row.toldSeverity === "page" && sinceMs < REPEATS_APART_MS;
  });
}

/** What was paged as well, and still lasts. */
function besides(rows: readonly Condition[], told: Condition): readonly ConditionType[] {
  const others = rows.filter(
    (row) => row !== told && row.group === told.group && row.state === "bad" && row.timesTold > 0,
  );
  const paged = others.filter(({ toldSeverity }) => toldSeverity === "page");
  return [...new Set(paged.map(({ type }) => type))];
}

/** The row after that message of this site has reached people. */
export function noteTold(
  { what, severity, condition }: Tell,
  site: string,
  now: number,
): Condition {
  if (what === "over") return { ...condition, ...NOT_BAD, overToldAt: now };
  return {
    ...condition,
    toldAt: now,
    // Who repeats what it cannot see has not seen that it lasts.
    toldBy: condition.state === "unknown" ? condition.toldBy : site,
    toldSeverity: severity,
    timesTold: condition.timesTold + 1,
    // What got worse is repeated soon, like news.
    step: what === "worse" ? 1 : condition.step + 1,
  };
}

/** Tells a row from every other one. */
export function keyOf(row: Pick<Condition, "type" | "group" | "subject">): string {
  return `${row.group ?? EVERY_GROUP}~${conditionId(row)}`;
}

/** Of several copies the one that knows of the newest telling: a store may have been away. */
function byKey(rows: readonly Condition[]): ReadonlyMap<string, Condition> {
  const sorted = rows.toSorted((a, b) => (heardAt(a) < heardAt(b) ? -1 : 1));
  return new Map(sorted.map((row) => [keyOf(row), row]));
}

const NOT_BAD = { badSinceAt: null, timesTold: 0 } as const;
const NEVER_TOLD = { step: 0, toldAt: null, toldSeverity: null, toldBy: null } as const;

/** When people last heard of it, for better or worse. */
export function heardAt({ toldAt, overToldAt }: Condition): number {
  return Math.max(toldAt ?? Number.NEGATIVE_INFINITY, overToldAt ?? Number.NEGATIVE_INFINITY);
}

/** What was told is known from whoever told it last, what was seen from our own looks. */
function recall(shared: Condition | null, own: Condition | null): Condition | null {
  if (shared === null || own === null) return own ?? shared;
  if (heardAt(own) > heardAt(shared)) return own;
  const { state, sinceAt } = own.state === shared.state ? shared : own;
  return { ...shared, state, sinceAt, badSinceAt: shared.badSinceAt ?? own.badSinceAt };
}

interface Seen {
  readonly row: ConditionRow;
  readonly finding: Finding;
  readonly now: number;
}

/** The row as this look leaves it. */
function goOn(before: Condition | null, { row, finding, now }: Seen): Condition {
  const { group, subject, state, severity, because } = finding;
  const known = before ?? { ...NOT_BAD, ...NEVER_TOLD, overToldAt: null };
  const toldAt = known.toldAt === null ? null : Math.min(known.toldAt, now);
  const since = before?.state === state ? before.sinceAt : (finding.sinceAt ?? now);
  // Whoever told that it is bad has seen it then: it has not been well for longer.
  const sawBadAt = state === "ok" && known.timesTold > 0 ? (toldAt ?? since) : since;
  const condition: Condition = {
    ...known,
    ...{ type: row.type, group, subject, state, because, severity, toldAt },
    sinceAt: Math.min(Math.max(since, sawBadAt), now),
  };
  // What was told ends by being told; what was not, with the first look that finds it well.
  if (state === "ok" && known.timesTold === 0) return { ...condition, ...NOT_BAD };
  return state === "bad" && known.timesTold === 0 ? begin(condition, now) : condition;
}

/** Nobody was told yet, so its beginning may still be put right. */
function begin(condition: Condition, now: number): Condition {
  const { sinceAt, overToldAt } = condition;
  const endedAt = Math.min(overToldAt ?? Number.NEGATIVE_INFINITY, now);
  const badSinceAt = Math.min(Math.max(condition.badSinceAt ?? sinceAt, endedAt), now);
  const cameBack = badSinceAt - endedAt < COMES_BACK_MS;
  return { ...condition, ...(cameBack ? {} : NEVER_TOLD), badSinceAt };
}

/** Whose is the row, and the word that it is over? Of who told it last, while that one shows itself. */
function isOurs(
  { timesTold, toldAt, toldBy, toldSeverity, step }: Condition,
  { row, finding, now }: Seen,
  { site, otherSites }: ConditionEvidence,
): boolean {
  if (timesTold === 0) return finding.leads;
  if (toldBy === site) return true;
  const telling = toldSeverity === null ? null : row[toldSeverity];
  const repeatedAt = (toldAt ?? now) + (telling === null ? 0 : gapOf(telling, step));
  const teller = otherSites.find((other) => other.site === toldBy);
  // A site that cannot be seen from here may well tick.
  const ticks = teller !== undefined && (teller.quietMs ?? 0) < QUIET_MS;
  return finding.leads && (!ticks || now - repeatedAt >= OVERDUE_MS);
}

function findDue(
  condition: Condition,
  { row, finding, now }: Seen,
  waitMs: number,
): TellWhat | null {
  const { state, badSinceAt, sinceAt, timesTold, toldAt, toldSeverity } = condition;
  if (badSinceAt === null) return null;
  if (state === "ok") return now - sinceAt >= row.overAfterMs ? "over" : null;
  // What was told and can no longer be seen is repeated as it was told: it may well last.
  const severity = state === "bad" ? condition.severity : toldSeverity;
  const telling = severity === null ? null : row[severity];
  if (telling === null) return null;
  if (now - (finding.urgentSinceAt ?? badSinceAt) < waitMs) return null;
  const worse = severity === "page" && toldSeverity === "notice";
  const sinceToldMs = now - (toldAt ?? Number.NEGATIVE_INFINITY);
  const gapMs = gapOf(telling, condition.step);
  if (timesTold > 0) {
    if (worse) return "worse";
    return sinceToldMs >= gapMs + waitMs ? "again" : null;
  }
  if (state !== "bad") return null;
  const standsMs = Math.max(0, now - Math.max(badSinceAt, finding.sinceAt ?? badSinceAt));
  if (standsMs < telling.afterMs + waitMs) return null;
  return worse || sinceToldMs >= Math.min(gapMs, HELD_MAX_MS) + waitMs ? "bad" : null;
}

/** The wait that follows so many tellings; of none it is not asked. */
function gapOf({ againMs }: Telling, step: number): number {
  return againMs[step - 1] ?? againMs.at(-1) ?? Number.POSITIVE_INFINITY;
}

function tellOf(condition: Condition, what: TellWhat, others: readonly ConditionType[]): Tell {
  const { severity, toldSeverity, badSinceAt, timesTold } = condition;
  return {
    id: `condition~${keyOf(condition)}~${badSinceAt}~${what}-${timesTold + 1}`,
    what,
    // Nobody is woken up to hear that they may sleep.
    severity: what === "over" ? "notice" : (severity ?? toldSeverity ?? "notice"),
    condition,
    besides: what === "again" ? others : [],
  };
}
