import * as z from "zod";
import { SecondarySql } from "./facts.ts";
import { LookResult } from "./observation.ts";
import { Instant } from "./units.ts";

/** A row that is there and that nobody can make anything of: of a newer release, or broken. */
export const UnreadableRow = z.object({
  /** Null for a row that belongs to no group. */
  group: z.string().nullable(),
  kind: z.string(),
  id: z.string(),
  /** The site whose store holds it. */
  store: z.string(),
  because: z.enum(["newer", "broken"]),
});
export type UnreadableRow = z.infer<typeof UnreadableRow>;

/** What a site's tick last saw of a group, for the others: they read it with its heartbeat. */
export const Sight = z.object({
  result: LookResult,
  code: z.string(),
  /** Part of the databases is lost, the rest answers. */
  isPartial: z.boolean(),
  secondary: SecondarySql,
});
export type Sight = z.infer<typeof Sight>;

/** What one tick came to, for whoever runs in another process: HTTP does not see the timer. */
export const TickReport = z.object({
  groups: z.array(
    z.object({
      group: z.string(),
      /** End of this site's newest look; null before the first. */
      lookedAt: Instant.nullable(),
      /** Why the group's last tick came to no end; null where it did. */
      failedBecause: z.string().nullable(),
      /** Null before the first look; earlier releases did not say. */
      sight: Sight.nullable().default(null),
    }),
  ),
  unreadable: z.array(UnreadableRow),
});
export type TickReport = z.infer<typeof TickReport>;
