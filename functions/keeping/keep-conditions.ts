import { Condition } from "../../shared/domain/condition.ts";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import type { ConditionEvidence } from "../../shared/policy/conditions/condition-row.ts";
import {
  evaluateConditions,
  heardAt,
  keyOf,
  noteTold,
  type Tell,
} from "../../shared/policy/conditions/evaluate-conditions.ts";
import { sayCondition } from "../telling/say-condition.ts";
import type { sendOnce } from "../telling/send-once.ts";

// Reads the conditions, judges them, tells, and writes down what has changed.
//
// P1. Told before it is written down: a crash between the two tells again under the same id.
// P2. What another has told since the tick has read the rows is known before anything is told: two sites that
//     do not see each other may both take themselves for the one that leads.
// P3. What this site itself remembers stands in for a ledger that cannot be read or written: then each
//     site may tell once, and none is silent.

/** What keeping conditions needs of the ledger and the notifier. */
export interface ConditionLedger {
  /** Rows of every group, and of none, each as often as stores hold it; null where no store answers. */
  read(): Promise<readonly Condition[] | null>;
  /** Those of a group, or of none, read anew from every store that is not known to be silent. */
  readAgain(group: string | null): Promise<readonly Condition[]>;
  /** Writes these rows to every store that answers. Where others changed one meanwhile, theirs stands. */
  write(rows: readonly Condition[]): Promise<void>;
  /** Sends an event unless its id was sent before. */
  /** `aboutAt`: since when it is so, the same at every try. */
  send(event: OutgoingEvent, aboutAt: number): ReturnType<typeof sendOnce>;
}

/** Keeps the conditions of one site over the rows of one tick. */
export type KeepConditions = (
  ledger: ConditionLedger,
  evidence: ConditionEvidence,
  now: number,
) => Promise<readonly Condition[]>;

/** Keeps the conditions of one site, tick by tick. Safe to repeat; ticks may overlap. */
export function createKeepConditions(): KeepConditions {
  let own: readonly Condition[] = [];
  return async (ledger, evidence, now) => {
    const read = await ledger.read().catch(() => null);
    const shared = read ?? [];
    const first = evaluateConditions(evidence, { shared, own }, now);
    const since = await readAgain(ledger, first.tell);
    const { rows, keeps, tell } =
      since.length === 0
        ? first
        : evaluateConditions(evidence, { shared: [...shared, ...since], own }, now);
    const told = new Map<string, Condition>();
    // Side by side: what cannot be sent takes its whole deadline.
    await Promise.all(
      tell.map(async (due) => {
        const aboutAt = due.condition.badSinceAt ?? due.condition.sinceAt;
        const outcome = await ledger
          .send(eventOf(due, evidence, now), aboutAt)
          .catch(() => "failed");
        if (outcome !== "failed") told.set(keyOf(due.condition), noteTold(due, evidence.site, now));
      }),
    );
    own = rows.map((row) => told.get(keyOf(row)) ?? row);
    if (read === null) return own;
    const changed = own.filter((row) => {
      const stored = read.filter((copy) => keyOf(copy) === keyOf(row));
      // Who does not keep the row adds to it what was told, and nothing else.
      const news = stored.every((copy) => heardAt(row) > heardAt(copy)) && row.timesTold > 0;
      const differs = stored.length === 0 || stored.some((copy) => !isSame(row, copy));
      return news || (keeps.has(keyOf(row)) && differs);
    });
    // What could not be written is still remembered here, and differs at the next tick as well.
    if (changed.length > 0) await ledger.write(changed).catch(() => undefined);
    return own;
  };
}

async function readAgain(
  ledger: ConditionLedger,
  tell: readonly Tell[],
): Promise<readonly Condition[]> {
  const groups = new Set(tell.map(({ condition }) => condition.group));
  const rows = await Promise.all(
    [...groups].map((group) => ledger.readAgain(group).catch(() => [])),
  );
  return rows.flat();
}

function eventOf(tell: Tell, { site, groups }: ConditionEvidence, at: number): OutgoingEvent {
  const { id, what, severity, condition } = tell;
  const { group, type, subject, state, because, badSinceAt } = condition;
  const trouble = groups.find((of) => of.group === group)?.trouble ?? null;
  return {
    id,
    type: severity,
    group: group ?? EVERY_GROUP,
    incidentId: trouble?.incidentId ?? null,
    at,
    urgent: severity === "page",
    text: sayCondition(tell, site),
    data: { condition: type, what, subject, state, because, badSinceAt },
  };
}

const FIELDS = Condition.keyof().options;

function isSame(row: Condition, stored: Condition): boolean {
  return FIELDS.every(
    (field) =>
      row[field] === stored[field] || JSON.stringify(row[field]) === JSON.stringify(stored[field]),
  );
}
