import * as z from "zod";
import { GuardId } from "./guard.ts";
import { Instant } from "./units.ts";

/** What people have heard of the decisions of one incident, or of one way home. */
export const Heard = z.object({
  /** The decision that they know. */
  gist: z.string(),
  /** When the last notice of one went out; null while none has. */
  noticeAt: Instant.nullable(),
  /** When one could not be told; null where the last one was. */
  failedAt: Instant.nullable().default(null),
  urgent: z.boolean(),
  /** What was decided, and held back so that nobody is told too often: since the last notice, or just before it. */
  heldBack: z.array(z.object({ rule: z.string(), at: Instant })),
  /** The guards that were closed when the last notice went out, and when the one before did; null: not known, or no such notice. */
  closed: z.array(GuardId).nullable().default(null),
  closedBefore: z.array(GuardId).nullable().default(null),
});
export type Heard = z.infer<typeof Heard>;
