import * as z from "zod";
import { instantIn } from "../../domain/units.ts";
import type { Exchange } from "../arm-exchange.ts";
import { notAskedFor } from "../asked-for.ts";
import { OutsideText } from "../outside-text.ts";
import { parsedJson } from "../parsed-json.ts";
import { azureWord } from "../presentable.ts";
import { readArmError, unreadable } from "../read-arm-error.ts";

const STATUS = "/providers/Microsoft.ResourceHealth/availabilityStatuses/current";
const HealthBody = z.object({
  properties: z.object({
    availabilityState: z.string(),
    reasonType: OutsideText,
    reportedTime: OutsideText,
  }),
});

export type HealthReading =
  | {
      readonly kind: "read";
      /** "Available", "Unavailable", "Degraded", or "Unknown": no logins for a while, not an outage. */
      readonly state: string;
      readonly reason: string | null;
      readonly ageMs: number;
    }
  | {
      readonly kind: "unknown";
      readonly because: string;
      /** How Resource Manager itself gave no sensible answer; null where it said no to our question. */
      readonly controlPlane: "failing" | "throttled" | null;
    };

/**
 * What Resource Health says of the resource that was asked for. `now` serves only where the answer carries
 * no date.
 */
export function healthReading(
  exchange: Exchange,
  { resourceId, now }: { readonly resourceId: string; readonly now: number },
): HealthReading {
  switch (exchange.kind) {
    case "not-sent":
      return {
        kind: "unknown",
        because: exchange.because,
        controlPlane: exchange.because === "not-connected" ? "failing" : null,
      };
    case "no-answer":
      return { kind: "unknown", because: exchange.because, controlPlane: "failing" };
    case "answered":
      return ofAnswer(exchange, resourceId, now);
    default:
      return exchange satisfies never;
  }
}

function ofAnswer(
  answer: Extract<Exchange, { kind: "answered" }>,
  resourceId: string,
  now: number,
): HealthReading {
  const { status, bodyText, headers } = answer;
  if (status !== 200) {
    return {
      kind: "unknown",
      because: unreadable(status, readArmError(answer).code),
      controlPlane: troubleOf(status),
    };
  }
  const body = HealthBody.safeParse(parsedJson(bodyText));
  const state = body.success ? azureWord(body.data.properties.availabilityState) : null;
  if (!body.success || state === null) {
    return { kind: "unknown", because: "not-a-health-status", controlPlane: null };
  }
  const because = notAskedFor(bodyText, `${resourceId}${STATUS}`);
  if (because !== null) return { kind: "unknown", because, controlPlane: null };
  const { reasonType, reportedTime } = body.data.properties;
  // By Azure's own clock where it shows one, as ours may be minutes off.
  const saidAt = instantIn(headers.get("date")) ?? now;
  return {
    kind: "read",
    state,
    reason: azureWord(reasonType),
    ageMs: Math.max(0, saidAt - (instantIn(reportedTime) ?? saidAt)),
  };
}

function troubleOf(status: number): "failing" | "throttled" | null {
  if (status === 429) return "throttled";
  return status === 408 || status >= 500 ? "failing" : null;
}
