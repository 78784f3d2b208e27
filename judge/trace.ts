import type { Decision } from "../shared/domain/decision.ts";
import type { OutgoingEvent } from "../shared/domain/event.ts";
import type { Incident } from "../shared/domain/incident.ts";
import type { FailoverKind } from "../shared/domain/purpose.ts";
import type { GroupPlace, Place } from "./sources.ts";

/** One round of one incident. */
export interface DecidedAt {
  readonly atMs: number;
  readonly incidentId: string;
  readonly decision: Decision;
  readonly outage: Incident["outage"];
  readonly loss: Incident["loss"];
}

export interface PostedAt {
  readonly atMs: number;
  readonly from: Place;
  readonly kind: FailoverKind;
  readonly target: GroupPlace;
  readonly answer: "accepted" | "refused" | "unanswered" | "not-sent";
  readonly code: string | null;
}

export interface AskedAt {
  readonly askId: string;
  readonly token: string;
  readonly atMs: number;
  readonly incidentId: string | null;
  readonly decision: Decision | null;
  withdrawnAtMs: number | null;
}

export interface AnsweredAt {
  readonly atMs: number;
  readonly answer: "approve" | "deny";
  readonly askId: string;
  /** Of the answer to the call. */
  readonly status: number;
}

export interface RedeliveredAt {
  readonly atMs: number;
  readonly epoch: number;
  /** What the activity made of it; `sent` would be one request too many. */
  readonly outcome: string;
}

/** Everything that happened in one run. Instants count from the beginning of the incident file. */
export interface Trace {
  readonly decisions: DecidedAt[];
  readonly posts: PostedAt[];
  readonly asks: AskedAt[];
  readonly answers: AnsweredAt[];
  readonly redeliveries: RedeliveredAt[];
  /** When a request of ours took effect. */
  readonly moves: { readonly atMs: number; readonly to: GroupPlace }[];
  readonly events: { readonly atMs: number; readonly event: OutgoingEvent }[];
  /** Rows of decisions as they were written: `Receipt` reads them. */
  readonly receipts: unknown[];
}

export function createTrace(): Trace {
  return {
    decisions: [],
    posts: [],
    asks: [],
    answers: [],
    redeliveries: [],
    moves: [],
    events: [],
    receipts: [],
  };
}
