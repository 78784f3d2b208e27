import * as z from "zod";
import { Instant } from "./units.ts";

/** The events we send. The five hooks in the middle are API: what moves with the database listens to them. */
export const EventType = z.enum([
  "notice",
  "ask",
  "page",
  "about-to-fail-over",
  "not-failing-over",
  "failed-over",
  "writable",
  "protected",
  "failed-back",
  "closed",
]);
export type EventType = z.infer<typeof EventType>;

export const OutgoingEvent = z.object({
  /** Sending the same id again is the same event. */
  id: z.string(),
  type: EventType,
  group: z.string(),
  incidentId: z.string().nullable(),
  at: Instant,
  urgent: z.boolean(),
  /** What a person reads: a few lines, what to do within the first. */
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type OutgoingEvent = z.infer<typeof OutgoingEvent>;

/** One line of the audit: what was done, by which rule, on which facts, by whom. Only ever added. */
export const AuditEntry = z.object({
  id: z.string(),
  at: Instant,
  site: z.string(),
  group: z.string(),
  incidentId: z.string().nullable(),
  action: z.string(),
  rule: z.string().nullable(),
  /** The receipt that holds the facts. */
  receiptId: z.string().nullable(),
  actor: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
