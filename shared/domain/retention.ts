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
