import {
  type ConditionLedger,
  createKeepConditions,
} from "../../functions/keeping/keep-conditions.ts";
import { Condition } from "../../shared/domain/condition.ts";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { ConditionEvidence } from "../../shared/policy/conditions/condition-row.ts";
import { keyOf } from "../../shared/policy/conditions/evaluate-conditions.ts";
import { conditionEvidence, TICK } from "./conditions.ts";
import { look, NOW } from "./facts.ts";

/** One ledger that several sites share, and people who are told each id once. */
export class World {
  readonly rows = new Map<string, Condition>();
  /** What a second store holds that was away. */
  readonly stale: Condition[] = [];
  /** What ticks have read that began earlier; null: they read what is there. */
  before: ReadonlyMap<string, Condition> | null = null;
  readonly heard: OutgoingEvent[] = [];
  /** Since when it is so, of each of them. */
  readonly heardAbout: number[] = [];
  writes = 0;
  broken = new Set<"read" | "write" | "send" | "reach" | "remember">();

  ledger(mute = false): ConditionLedger {
    return {
      read: async () => {
        if (this.broken.has("read")) throw new Error("store unreachable");
        return [...this.stale, ...(this.before ?? this.rows).values()];
      },
      readAgain: async () => {
        if (this.broken.has("read")) throw new Error("store unreachable");
        return [...this.rows.values()];
      },
      write: async (rows) => {
        if (this.broken.has("write")) throw new Error("store unreachable");
        this.writes += 1;
        this.stale.length = 0;
        for (const row of rows) this.rows.set(keyOf(row), Condition.parse(row));
      },
      send: async (event, aboutAt) => {
        if (this.broken.has("reach")) throw new Error("notifier unreachable");
        if (mute || this.broken.has("send")) return "failed";
        const known = this.heard.some(({ id }) => id === event.id);
        if (known && !this.broken.has("remember")) return "told-already";
        this.heard.push(event);
        this.heardAbout.push(aboutAt);
        return "sent";
      },
    };
  }

  /** A mute one reaches nobody. */
  site(of: { readonly mute: boolean } = { mute: false }) {
    const keep = createKeepConditions();
    const ledger = this.ledger(of.mute);
    return (evidence: ConditionEvidence, now: number) => keep(ledger, evidence, now);
  }

  ids(): readonly string[] {
    return this.heard.map(({ id }) => id.replace(/~\d+~/, "~"));
  }
}

type Site = ReturnType<World["site"]>;

/** Ticks of these sites between two instants, the first of which leads. */
export async function run(
  sites: readonly Site[],
  of: (now: number) => ConditionEvidence,
  span: Span,
) {
  for (let now = NOW + span.fromMs; now < NOW + span.toMs; now += span.everyMs ?? TICK) {
    for (const [i, keep] of sites.entries()) {
      const at = now + i * 1_000;
      await keep(led(of(at), i === 0, `site-${i}`), at);
    }
  }
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly everyMs?: number;
}

export function led(evidence: ConditionEvidence, leads: boolean, site: string): ConditionEvidence {
  const groups = evidence.groups.map((group) => ({ ...group, leads }));
  return { ...evidence, site, groups, everyGroup: { ...evidence.everyGroup, leads } };
}

export const quiet = (now: number) => conditionEvidence({}, {}, now);

export const unreadable = (now: number) => {
  const row = {
    group: "orders",
    kind: "incident",
    id: "one",
    store: "neu",
    because: "newer",
  } as const;
  return conditionEvidence({ unreadable: [row] }, {}, now);
};

export const blind = (now: number) =>
  conditionEvidence({
    looks: [look("neu", { result: "blind", code: "no-name", startedAt: now, endedAt: now })],
  });
