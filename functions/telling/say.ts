import type { Announcement } from "../../orchestrations/contracts.ts";
import type { Decision, Reason } from "../../shared/domain/decision.ts";

/** One line for a person about an announcement. Ids first: they are what can be searched for. */
export function say(
  announcement: Pick<Announcement, "type" | "key">,
  group: string,
  decision: Decision | null,
): string {
  const what = `${group}: ${announcement.type}`;
  switch (announcement.type) {
    case "notice":
    case "ask":
      return decision === null ? what : `${what}: ${sayDecision(decision)}`;
    case "page":
      return `${what}: ${announcement.key}${decision === null ? "" : `: ${sayDecision(decision)}`}`;
    case "closed":
      return `${what}: ${announcement.key}`;
    case "about-to-fail-over":
    case "failed-over":
    case "writable":
    case "protected":
    case "failed-back":
      return what;
    default:
      return announcement.type satisfies never;
  }
}

function sayDecision(decision: Decision): string {
  const reasons = decision.because.map(sayReason).join("; ");
  const waiting = decision.waitingFor.map(sayReason).join("; ");
  const tail = waiting === "" ? "" : `; waiting for ${waiting}`;
  return `${decision.verdict} (${decision.rule}), ${decision.diagnosis}${reasons === "" ? "" : `: ${reasons}`}${tail}`;
}

/** A reason as text: its code, and its values in brackets. */
export function sayReason({ code, values }: Reason): string {
  const parts = Object.entries(values).map(([name, value]) => `${name} ${value ?? "unknown"}`);
  return parts.length === 0 ? code : `${code} (${parts.join(", ")})`;
}
