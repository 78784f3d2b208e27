import * as z from "zod";
import { Instant } from "./units.ts";

/** What people have heard of the decisions of one incident, or of one way home. */
export const Heard = z.object({
  /** The decision that they know. */
  gist: z.string(),
  /** When the last notice of one went out; null while none has. */
  noticeAt: Instant.nullable(),
  urgent: z.boolean(),
  /** What was decided, and held back so that nobody is told too often: since the last notice, or just before it. */
  heldBack: z.array(z.object({ rule: z.string(), at: Instant })),
});
export type Heard = z.infer<typeof Heard>;
