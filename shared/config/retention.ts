import * as z from "zod";
import type { Retention } from "../domain/retention.ts";
import { duration } from "./fields.ts";

const DAY_MS = 24 * 60 * 60_000;
const YEARS_MS = 10 * 365 * DAY_MS;

/** Below a month a retry, or a person who comes back from a holiday, might not find what was. */
function kept(about: string, days: number, leastDays: number) {
  const span = `P${days}D`;
  const limits = { atLeastMs: leastDays * DAY_MS, atMostMs: YEARS_MS };
  return duration({ about, example: span, default: span }, limits).optional();
}

/** How long rows are kept that are only added, as the file says it. */
export const RetentionEntry = z.strictObject({
  events: kept("What was told to people and hooks.", 90, 30),
  looks: kept("Looks and samples of peace.", 7, 1),
  receipts: kept("Receipts of decisions and failovers.", 400, 30),
  audit: kept("The audit, and the calls that it tells of.", 400, 30),
  reports: kept("Reports of rehearsals.", 400, 30),
});

/** The same in the words of the domain, with what holds where the file says nothing. */
export function retentionOf(spans: z.output<typeof RetentionEntry>): Retention {
  const { events, looks, receipts, audit, reports } = spans;
  return {
    eventsMs: events ?? 90 * DAY_MS,
    looksMs: looks ?? 7 * DAY_MS,
    receiptsMs: receipts ?? 400 * DAY_MS,
    auditMs: audit ?? 400 * DAY_MS,
    reportsMs: reports ?? 400 * DAY_MS,
  };
}
