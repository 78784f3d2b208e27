import type * as z from "zod";
import { Claim } from "../shared/domain/claim.ts";
import { AuditEntry } from "../shared/domain/event.ts";
import { Failback } from "../shared/domain/failback.ts";
import { Incident } from "../shared/domain/incident.ts";
import type { Policy } from "../shared/domain/policy.ts";
import { Receipt } from "../shared/domain/receipt.ts";
import type { Operation } from "../simulator/azure/world/group-world.ts";
import type { WorldRecord } from "../simulator/azure/world/record.ts";
import { groupOf, type World } from "../simulator/azure/world/world.ts";
import type { Plan } from "./move.ts";

/** What a person orders of a site, and what they were answered. */
export interface Order {
  readonly what: "approve" | "deny" | "pause" | "resume" | "failover" | "failback";
  readonly who: string;
  readonly site: string;
  readonly at: number;
  /** Null: no answer before the run was over. */
  answeredAt: number | null;
  status: number | null;
  /** The rule by which a call was refused. */
  refusedBy?: string;
}

/**
 * A run as the world knows it, for those who judge it: its own ledger, the rows of all stores, and what
 * people were answered. All instants are the world's.
 */
export interface Chronicle {
  readonly plan: Plan;
  readonly policy: Policy;
  readonly startAt: number;
  readonly endAt: number;
  readonly record: WorldRecord;
  readonly operations: readonly Operation[];
  readonly orders: readonly Order[];
  /** By site. */
  readonly rows: Readonly<Record<string, Rows>>;
}

export interface Rows {
  readonly incidents: readonly Pick<Incident, "closedAt" | "end" | "decision">[];
  readonly claims: readonly Pick<Claim, "state" | "owed" | "epoch">[];
  readonly failbacks: readonly Pick<Failback, "state">[];
  /** Ids of the receipts of failovers. */
  readonly failovers: readonly string[];
  /** By which rules was decided, away from home and on the way back. */
  readonly decided: readonly string[];
  /** When it was decided to ask a person. */
  readonly asksDecidedAt: readonly number[];
  readonly audit: readonly Pick<AuditEntry, "at" | "site" | "action" | "rule">[];
}

/** What a site's store holds of the group, looked at from outside: no port, no fault, no time. */
export function rowsOf(world: World, site: string, group: string): Rows {
  const read = <T>(kind: string, schema: z.ZodType<T>): readonly T[] => {
    const part = world.stores.get(site)?.parts.get(`${group}/${kind}`);
    return [...(part?.values() ?? [])].flatMap(({ json }) => {
      const row = json === null ? null : schema.safeParse(JSON.parse(json));
      return row?.success ? [row.data] : [];
    });
  };
  const receipts = read("receipt", Receipt);
  return {
    incidents: read("incident", Incident),
    claims: read("claim", Claim),
    failbacks: read("failback", Failback),
    failovers: receipts.flatMap((one) => (one.kind === "failover" ? [one.id] : [])),
    decided: receipts.flatMap((one) =>
      one.kind === "decision" ? [`${one.purpose}: ${one.decision.rule}`] : [],
    ),
    asksDecidedAt: receipts.flatMap((one) =>
      one.kind === "decision" && one.decision.verdict === "ask" ? [one.writtenAt] : [],
    ),
    audit: read("audit", AuditEntry),
  };
}

/** Writes down what is left of a run when it is over. */
export function writeChronicle(
  world: World,
  group: string,
  run: Pick<Chronicle, "plan" | "policy" | "orders">,
): Chronicle {
  return {
    ...run,
    startAt: world.startAt,
    endAt: world.now(),
    record: world.record,
    operations: [...groupOf(world, group).operations.values()],
    rows: Object.fromEntries(world.sites.map(({ name }) => [name, rowsOf(world, name, group)])),
  };
}
