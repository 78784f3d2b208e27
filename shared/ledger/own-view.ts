import type { LastRoleChange } from "../domain/facts.ts";
import { assumedPrimary, type Side } from "../domain/group.ts";
import type { Observation } from "../domain/observation.ts";
import { KeyProof, Looks, NO_WATCH, noKeyProof, RoleChange, Watch } from "../domain/watch.ts";
import type { LiveRows } from "./live-rows.ts";
import { type Reading, valueOrNull } from "./reading.ts";
import type { RowType } from "./rows.ts";

export const WATCH: RowType<Watch> = { kind: "watch", schema: Watch, unreadable: "replace" };
export const LOOKS: RowType<Looks> = { kind: "looks", schema: Looks, unreadable: "replace" };
export const KEY_PROOF: RowType<KeyProof> = {
  kind: "key-proof",
  schema: KeyProof,
  unreadable: "replace",
};
/** Written over, readable or not, only by who has seen a later change: that says all there is to say. */
export const ROLE_CHANGE: RowType<RoleChange> = {
  kind: "role-change",
  schema: RoleChange,
  unreadable: "replace",
};

/** Looks kept per row, and told: enough for two minutes of an open incident. */
export const LOOKS_KEPT = 20;

/** Who looks beside the tick: the motor for its rounds, or another site by asking. Each has its own row. */
export const OCCASIONS = ["rounds", "asked"] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** What the tick of the site that the rows belong to remembers. */
export function watchIn(rows: LiveRows): Reading<Watch> {
  return rows.one(WATCH, rows.book.site);
}

/** What this process still knows where its own store does not answer. Lost with it; nobody relies on it. */
export interface Memory {
  primary: Side | null;
  looks: readonly Observation[];
  /** Since when our own store has taken no look, though it may be read; null while it takes them. */
  unkeptSinceAt: number | null;
  /** When Resource Manager was last asked for the roles and did not tell; null where it told them. */
  rolesTriedAt: number | null;
  /** The same of what it says of the instances. */
  instancesTriedAt: number | null;
  /** A look that is under way for those who only want to know: whoever else asks meanwhile waits for it too. */
  shared: Promise<readonly Observation[]> | null;
}

/** What a site remembers of a group, out of its own store. */
export interface OwnView {
  readonly rows: LiveRows;
  readonly memory: Memory;
  readonly watch: Watch;
  /** Who is primary, as last read; null where this site never could. */
  readonly primary: Side | null;
  /** The same, or who is taken to be. */
  readonly expectedPrimary: Side;
  readonly roleChange: Reading<RoleChange>;
}

/** What this site remembers of a group: its rows, and what this process knows where they are silent. */
export function ownView(rows: LiveRows, memory: Memory): OwnView {
  const watch = valueOrNull(watchIn(rows)) ?? NO_WATCH;
  const roleChange = rows.one(ROLE_CHANGE, rows.book.site);
  const known = watch.primary ?? valueOrNull(roleChange)?.primary ?? null;
  const primary = rows.silent ? memory.primary : known;
  return { rows, memory, watch, primary, expectedPrimary: assumedPrimary(primary), roleChange };
}

/**
 * Every look of this site that is kept, whoever made it, newest last, and those that were just made.
 * Those of the future are none. What only this process knows counts while its store is silent or takes
 * nothing: timers, HTTP and motors run in separate ones, and must come to the same.
 */
export function looksIn(
  { rows, watch, memory }: OwnView,
  now: number,
  made: readonly Observation[] = [],
): Observation[] {
  const beside = OCCASIONS.flatMap(
    (occasion) => valueOrNull(rows.one(LOOKS, occasion))?.looks ?? [],
  );
  const { unkeptSinceAt } = memory;
  const unkept = memory.looks.filter(
    ({ startedAt }) => unkeptSinceAt !== null && startedAt >= unkeptSinceAt,
  );
  const remembered = rows.silent ? memory.looks : [...watch.looks, ...beside, ...unkept];
  const all = [...remembered, ...made].filter(({ endedAt }) => endedAt <= now);
  const once = new Map(all.map((look) => [look.startedAt, look]));
  return [...once.values()].sort((a, b) => a.startedAt - b.startedAt).slice(-LOOKS_KEPT);
}

/** What that side has answered about its key; nothing where the row is of the other one. */
export function keyProofIn({ rows }: OwnView, side: Side): KeyProof {
  const kept = valueOrNull(rows.one(KEY_PROOF, rows.book.site));
  return kept?.side === side ? kept : noKeyProof(side);
}

/** When the roles last changed, as a fact. A row that cannot be read may tell of a change just now. */
export function lastRoleChangeIn({ roleChange }: Pick<OwnView, "roleChange">): LastRoleChange {
  switch (roleChange.kind) {
    case "read": {
      const { at } = roleChange.value;
      return at === null ? { kind: "none" } : { kind: "known", at };
    }
    case "none":
      return { kind: "none" };
    case "unreadable":
      return { kind: "unknown", because: `row-${roleChange.because}` };
    case "silent":
      return { kind: "unknown", because: "store-silent" };
    default:
      return roleChange satisfies never;
  }
}
