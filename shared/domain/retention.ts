import type * as z from "zod";
import type { DurationMs } from "./units.ts";

type Span = z.infer<typeof DurationMs>;

/** For how long rows are kept that are only added. Live rows stay as long as they live. */
export interface Retention {
  /** What was told to people and hooks. */
  readonly eventsMs: Span;
  /** Looks and samples of peace. */
  readonly looksMs: Span;
  readonly receiptsMs: Span;
  /** The audit, and the calls that it tells of. */
  readonly auditMs: Span;
  readonly reportsMs: Span;
}

const DAY_MS = 24 * 60 * 60_000;

/** What holds where the configuration says nothing. */
export const RETENTION: Retention = {
  eventsMs: 90 * DAY_MS,
  looksMs: 7 * DAY_MS,
  receiptsMs: 400 * DAY_MS,
  auditMs: 400 * DAY_MS,
  reportsMs: 400 * DAY_MS,
};
