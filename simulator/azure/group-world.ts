import type { OperationKind } from "../../shared/domain/facts.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import { type Database, emptyDatabase } from "./database.ts";

/** A failover that was accepted. Time runs for it only while what it needs is there. */
export interface Operation {
  readonly id: string;
  readonly group: string;
  readonly kind: "planned" | "forced";
  readonly target: Side;
  readonly by: "us" | "other";
  readonly who: string;
  readonly startedAt: number;
  readonly timesOutAt: number;
  remainingMs: number;
  state: "running" | "succeeded" | "failed";
  endedAt: number | null;
  code: string | null;
  message: string | null;
}

export interface KeyCheck {
  readonly id: string;
  readonly side: Side;
  readonly startedAt: number;
  readonly readyAt: number;
}

/** One line of the activity log. */
export interface ActivityRecord {
  readonly group: string;
  /** What all lines of one request have in common. */
  readonly request: string;
  readonly what: OperationKind;
  readonly step: "begun" | "ended-well" | "ended-badly";
  readonly operation: string;
  readonly by: string;
  readonly ours: boolean;
  readonly side: Side;
  readonly at: number;
}

/** Everything that is true of one group, whatever anybody can see of it. */
export interface GroupWorld {
  readonly group: Group;
  readonly databases: readonly Database[];
  readonly clients: readonly { readonly region: string; readonly share: number }[];
  /** By the control plane. */
  primary: Side;
  /** What each instance takes itself for: a former primary that is cut off does not know. */
  readonly believes: Record<Side, "primary" | "secondary">;
  movedAt: number;
  /** Where the listener's name leads. */
  listener: Side;
  operation: Operation | null;
  readonly operations: Map<string, Operation>;
  readonly keyChecks: Map<string, KeyCheck>;
  linkDownSinceAt: number | null;
  /** The former primary is being copied anew until then. */
  reseedEndsAt: number | null;
  reseedNeeded: boolean;
  /** It took over without its key: nothing cached, so its databases do not open. */
  readonly withoutKeyCache: Record<Side, boolean>;
  /** What the application's telemetry said, by instant of change. */
  ratios: readonly { readonly at: number; readonly value: number }[];
}

/** A healthy group: the home side is primary, and everything is replicated. */
export function newGroup(
  group: Group,
  at: number,
  others: readonly string[] = ["reports"],
  clients: GroupWorld["clients"] = [
    { region: group.home.region, share: 0.5 },
    { region: group.partner.region, share: 0.5 },
  ],
): GroupWorld {
  const names = new Set([group.canary?.database ?? "orders", ...others]);
  return {
    group,
    databases: [...names].map((name) => emptyDatabase(name, at)),
    clients,
    primary: "home",
    believes: { home: "primary", partner: "secondary" },
    movedAt: Number.NEGATIVE_INFINITY,
    listener: "home",
    operation: null,
    operations: new Map(),
    keyChecks: new Map(),
    linkDownSinceAt: null,
    reseedEndsAt: null,
    reseedNeeded: false,
    withoutKeyCache: { home: false, partner: false },
    ratios: [],
  };
}
