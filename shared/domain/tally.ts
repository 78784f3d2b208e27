import * as z from "zod";
import { Instant } from "./units.ts";

/** What one vantage's own looks came to within a minute. */
export const Tally = z.object({
  /** When the minute began. */
  at: Instant,
  looks: z.number().int().positive(),
  wrote: z.number().int().nonnegative(),
  /** Of those that wrote, how many took half the probe timeout or more. */
  slow: z.number().int().nonnegative(),
});
export type Tally = z.infer<typeof Tally>;

/** The tallies of one vantage, newest first. */
export type Pace = readonly Tally[];

/** So many minutes are kept, and told. */
export const TALLIES_MAX = 30;
