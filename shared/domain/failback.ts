import * as z from "zod";
import { Side } from "./group.ts";
import { Heard } from "./heard.ts";
import { Instant } from "./units.ts";

/**
 * What is left to do after a failover: become protected again, then go home.
 * A row in the ledger that the tick looks at, never a sleeping orchestration.
 */
export const Failback = z.object({
  id: z.string(),
  group: z.string(),
  incidentId: z.string(),
  /** The primary since the failover. */
  awayOn: Side,
  failedOverAt: Instant,
  /** The new primary was seen to serve; false also where an earlier release did not say. */
  verified: z.boolean().default(false),
  protectedAt: Instant.nullable(),
  healthySinceAt: Instant.nullable(),
  /** `off`: nobody wants to go back; the row only watches until the group is protected again. */
  state: z.enum(["waiting", "off", "done"]),
  motor: z.number().int().nonnegative(),
  motorSite: z.string().nullable(),
  heartbeatAt: Instant.nullable(),
  /** The last decision about the way home, and its gist. */
  decisionId: z.string().nullable(),
  gist: z.string().nullable(),
  heard: Heard.nullable().default(null),
  consideredAt: Instant.nullable(),
  doneAt: Instant.nullable(),
});
export type Failback = z.infer<typeof Failback>;
