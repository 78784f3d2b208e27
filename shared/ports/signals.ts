import type { ActivityEntry, Advice } from "../domain/facts.ts";
import type { Group, Side } from "../domain/group.ts";
import type { Unread } from "./unread.ts";

export type ApplicationReading =
  | {
      readonly kind: "ratio";
      readonly value: number;
      /** How long ago the window ended that it was counted over. */
      readonly ageMs: number;
      readonly windowMs: number;
    }
  | { readonly kind: "not-configured" }
  | Unread;

export type ActivityReading =
  | { readonly kind: "read"; readonly entries: readonly ActivityEntry[] }
  | Unread;

/** What the platform and the application say. Advice with an age; no method throws. */
export interface Signals {
  application(group: Group): Promise<ApplicationReading>;
  capacityAt(
    group: Group,
    target: Side,
  ): Promise<"ready" | "not-ready" | "unknown" | "not-required">;
  /** What others did to either instance or the group since `sinceMs` ago. */
  activity(group: Group, sinceMs: number): Promise<ActivityReading>;
  advice(group: Group, primary: Side): Promise<readonly Advice[]>;
}
