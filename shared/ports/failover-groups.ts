import type { Instance } from "../domain/group.ts";
import type { FailoverKind } from "../domain/purpose.ts";
import type { Replication } from "../domain/replication.ts";
import type { Unread } from "./unread.ts";

/** What should happen next after Azure's answer, not which part of Azure gave it. */
export type ErrorClass =
  | "already-done"
  | "busy"
  | "escalate-by-policy"
  | "page-a-human"
  | "bug"
  | "unknown";

/** One region's view of a group. `role` is that region's own. */
export type GroupReading =
  | {
      readonly kind: "read";
      readonly role: "primary" | "secondary" | "unknown";
      readonly replication: Replication;
      readonly failoverPolicy: "manual" | "automatic" | "unknown";
      readonly primaryInstanceId: string | null;
      readonly partnerInstanceId: string | null;
    }
  | { readonly kind: "not-found"; readonly code: string }
  | Unread;

export type PostAnswer =
  /** 2xx. Says nothing yet about roles. `ticket` is what `poll` asks by, and secret: keep it, never log it. */
  | { readonly kind: "accepted"; readonly ticket: string | null; readonly retryAfterMs: number }
  /** A definite no: nothing was started. */
  | {
      readonly kind: "refused";
      readonly errorClass: ErrorClass;
      /** It says that an operation runs on the group or the instance. Any other wait says nothing of what does. */
      readonly runs: boolean;
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number;
    }
  /** It may have been started: read the roles, never repeat it blindly. */
  | { readonly kind: "unanswered"; readonly because: string };

export type PollAnswer =
  | { readonly kind: "running"; readonly retryAfterMs: number }
  /** Azure says so; success is proven only by reading roles. */
  | { readonly kind: "succeeded" }
  | {
      readonly kind: "failed";
      readonly errorClass: ErrorClass;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "unknown"; readonly because: string };

/** Failover groups through Resource Manager. No method throws for an answer of Azure, whatever it is. */
export interface FailoverGroups {
  /** Reads the group as the region of `side` shows it. */
  read(group: string, side: Instance): Promise<GroupReading>;
  /** One request to move the primary from one side to the other, sent once: retries are off. */
  failOver(request: {
    readonly group: string;
    readonly from: Instance;
    readonly to: Instance;
    readonly kind: FailoverKind;
  }): Promise<PostAnswer>;
  /** One poll of an accepted operation, by the ticket that it was accepted with. */
  poll(request: { readonly to: Instance; readonly ticket: string }): Promise<PollAnswer>;
}
