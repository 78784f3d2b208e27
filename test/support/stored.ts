import type * as z from "zod";
import { Claim } from "../../shared/domain/claim.ts";
import { AuditEntry } from "../../shared/domain/event.ts";
import { Failback } from "../../shared/domain/failback.ts";
import { Incident } from "../../shared/domain/incident.ts";
import { Ask } from "../../shared/domain/person.ts";
import { Receipt } from "../../shared/domain/receipt.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { GROUP } from "./simulated-sites.ts";

/** What a site's store holds, looked at from outside: no port, no fault, no time. */
export function stored<T>(
  world: World,
  kind: string,
  schema: z.ZodType<T>,
  site = "neu",
  group = GROUP,
): readonly T[] {
  const part = world.stores.get(site)?.parts.get(`${group}/${kind}`);
  return [...(part?.values() ?? [])].flatMap(({ json }) =>
    json === null ? [] : [schema.parse(JSON.parse(json))],
  );
}

export function incidentIn(world: World, site = "neu"): Incident | null {
  return stored(world, "incident", Incident, site)[0] ?? null;
}

export function claimIn(world: World, site = "neu"): Claim | null {
  return stored(world, "claim", Claim, site)[0] ?? null;
}

export function failbackIn(world: World, site = "neu"): Failback | null {
  return stored(world, "failback", Failback, site)[0] ?? null;
}

export function asksIn(world: World, site = "neu"): readonly Ask[] {
  return stored(world, "ask", Ask, site);
}

export function auditIn(world: World, site = "neu", group = GROUP): readonly AuditEntry[] {
  return stored(world, "audit", AuditEntry, site, group);
}

/** Receipts of failovers, not of decisions. */
export function failoverReceiptsIn(world: World, site = "neu") {
  return stored(world, "receipt", Receipt, site).filter((receipt) => receipt.kind === "failover");
}
