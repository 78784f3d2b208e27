import * as z from "zod";
import { Reason } from "./decision.ts";
import { Instant } from "./units.ts";

/** What can last and should be known. Types are API: people write alert rules on them. */
export const ConditionType = z.enum([
  "ledger-unreadable",
  "ledger-silent",
  "paused",
  "held",
  "primary-refuses",
  "secondary-down",
  "replication-suspended",
  "unprotected",
  "operation-unended",
  "application-failing",
  "key-unproven",
  "canary-blind",
  "vantage-blind",
  "site-silent",
]);
export type ConditionType = z.infer<typeof ConditionType>;

export const ConditionState = z.enum(["ok", "bad", "unknown"]);
export type ConditionState = z.infer<typeof ConditionState>;

/** A page wakes somebody up; a notice waits until they look. */
export const Severity = z.enum(["notice", "page"]);
export type Severity = z.infer<typeof Severity>;

/**
 * One lasting fact, as it stands and as people were told of it. One row per type, group and subject.
 * It is shared: its instants are of the site that set them, and whoever goes on takes one of its own
 * future for now, so that a clock that is ahead can delay a telling but never silence it.
 */
export const Condition = z.object({
  type: ConditionType,
  /** Null: it concerns every group. */
  group: z.string().nullable(),
  /** The site that it is about, where a group can have one for each; null: the group itself. */
  subject: z.string().nullable(),
  /** As seen last. */
  state: ConditionState,
  /** Since when it has been seen so without a break. */
  sinceAt: Instant,
  because: Reason.nullable(),
  /** How urgent it is as it stands; null while nobody need be told. */
  severity: Severity.nullable(),
  /** Since when it has been bad, looks at which it seemed well or unknown included; null: it is over. */
  badSinceAt: Instant.nullable(),
  /** How often people were told since then. */
  timesTold: z.number().int().nonnegative(),
  /** How many waits lie behind: the next one is as long as its place says. */
  step: z.number().int().nonnegative(),
  /** When people were last told that it is bad, and how urgently. Outlives the end for a while. */
  toldAt: Instant.nullable(),
  toldSeverity: Severity.nullable(),
  /** The site that last told it as it saw it; null: nobody, or an earlier release, which did not say. */
  toldBy: z.string().nullable().default(null),
  /** When people were last told that it is over. */
  overToldAt: Instant.nullable(),
});
export type Condition = z.infer<typeof Condition>;

/** Names the row among those of its group: letters, digits, `-` and `~`. */
export function conditionId({ type, subject }: Pick<Condition, "type" | "subject">): string {
  return subject === null ? type : `${type}~${subject}`;
}
