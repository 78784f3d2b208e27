import * as z from "zod";
import type { AuditEntry } from "../shared/domain/event.ts";
import { VerifyStep } from "../shared/domain/verify-step.ts";
import { appEntry, type Entry } from "./entry.ts";

const Action = z.object({ kind: z.string(), target: z.string() });
const Verified = z.object({ steps: z.array(VerifyStep) });

/** One line for an audit record; none for those that another line tells better. */
export function sayAudit(entry: AuditEntry): readonly Entry[] {
  const event = eventOf(entry);
  if (event === null) return [];
  const notes = entry.action === "verified" ? stepsOf(entry.detail) : [];
  return [appEntry(entry.at, entry.site, event, { rule: entry.rule, notes })];
}

function eventOf({ action, detail, actor }: AuditEntry): string | null {
  switch (action) {
    case "incident-opened":
      return `suspects the primary: opened by ${String(detail.openedBy ?? actor)}`;
    case "claim-taken":
      return `takes the one claim to act, epoch ${String(detail.epoch)}`;
    case "post-sent":
      return sayAction("requests", detail);
    case "post-accepted":
      return sayAction("Azure accepted", detail);
    case "claim-moved":
      return "sees that the roles have moved";
    case "verified":
      return detail.verified === true ? "verified" : "verifies, and waits for the rest";
    case "incident-closed":
      return `closes the incident: ${String(detail.end)}`;
    case "failback-done":
      return "is home again";
    case "failed-over":
    case "decided":
      return null;
    default:
      return `${action} by ${actor}`;
  }
}

function sayAction(verb: string, detail: AuditEntry["detail"]): string {
  const action = Action.safeParse(detail);
  return action.success
    ? `${verb} a ${action.data.kind} failover to ${action.data.target}`
    : `${verb} a failover`;
}

function stepsOf(detail: AuditEntry["detail"]): readonly string[] {
  const seen = Verified.safeParse(detail);
  if (!seen.success) return [];
  return [seen.data.steps.map(({ step, state }) => `${step} ${state}`).join(", ")];
}
