import type { OutgoingEvent } from "../../../shared/domain/event.ts";
import type { Side } from "../../../shared/domain/group.ts";
import type { FailoverKind } from "../../../shared/domain/purpose.ts";
import type { LostRows } from "./database.ts";

/** A failover request that reached Resource Manager, and what it was told. */
export interface PostRecord {
  readonly at: number;
  readonly group: string;
  /** The side whose region it was sent to. */
  readonly side: Side;
  readonly kind: FailoverKind;
  readonly from: string;
  /** "accepted", or the code it was refused with; whether the answer arrived is another matter. */
  readonly answer: string;
  readonly operationId: string | null;
}

export interface RoleRecord {
  readonly at: number;
  readonly group: string;
  readonly primary: Side;
  readonly by: "nobody" | "us" | "other";
  readonly kind: "start" | FailoverKind;
}

export interface LossRecord extends LostRows {
  /** When the roles flipped. */
  readonly at: number;
  readonly group: string;
  readonly database: string;
  /** Never replicated before the failover, or written to a former primary after it. */
  readonly because: "not-replicated" | "written-to-former-primary";
  /** From the newest row that survived to the newest one that did not. */
  readonly lossMs: number;
}

export interface SentRecord {
  readonly at: number;
  readonly site: string;
  readonly event: OutgoingEvent;
}

/** The world's own ledger: what really happened, whatever anybody says of it. */
export interface WorldRecord {
  readonly posts: PostRecord[];
  readonly roles: RoleRecord[];
  readonly losses: LossRecord[];
  readonly sent: SentRecord[];
  readonly failoversEnded: {
    readonly at: number;
    readonly group: string;
    readonly operationId: string;
    readonly code: string | null;
  }[];
  readonly keyChecks: { readonly at: number; readonly group: string; readonly side: Side }[];
}

export function emptyRecord(): WorldRecord {
  return { posts: [], roles: [], losses: [], sent: [], failoversEnded: [], keyChecks: [] };
}
