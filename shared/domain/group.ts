import * as z from "zod";
import { Policy } from "./policy.ts";
import type { Retention } from "./retention.ts";
import type { DurationMs } from "./units.ts";

/** Stands for the group where something concerns every one of them: no group can be called so. */
export const EVERY_GROUP = "_all";

/** The two instances of a group by configuration. Roles move between them; these names never do. */
export const Side = z.enum(["home", "partner"]);
export type Side = z.infer<typeof Side>;

/** The side that is not this one. */
export function otherSide(side: Side): Side {
  return side === "home" ? "partner" : "home";
}

/** Who is taken to be primary: home, until it was read. The roles themselves stay unknown. */
export function assumedPrimary(read: Side | null): Side {
  return read ?? "home";
}

/** One managed instance of a group, with all that acting on it needs, so that nothing has to be asked of a lost region. */
export const Instance = z.object({
  /** ARM id as configured; compare case-insensitively. */
  id: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  name: z.string(),
  /** Normalised: lower case, no blanks. */
  region: z.string(),
  fqdn: z.string(),
  /** Something in that region that is not SQL and not on the SQL path; null where none is configured. */
  regionReference: z.string().nullable(),
});
export type Instance = z.infer<typeof Instance>;

/** One deployment of this app in one region. Seen as a place to look from it is a vantage. */
export const Site = z.object({
  name: z.string(),
  region: z.string(),
  url: z.string(),
  /** A SQL-like target that is known to be good: tells a blind vantage from a lost primary. */
  reference: z.string().nullable(),
  /** Table endpoint of this site's store; null means the host's own storage account. */
  store: z.string().nullable(),
});
export type Site = z.infer<typeof Site>;

/** A resource, or a resource group, whose changes may take an instance of the group down. */
export const ChangeScope = z.object({
  id: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  /** Null: either may suffer. */
  side: Side.nullable(),
});
export type ChangeScope = z.infer<typeof ChangeScope>;

/** One failover group and the policy it is guarded by. */
export const Group = z.object({
  name: z.string(),
  home: Instance,
  partner: Instance,
  canary: z.object({ database: z.string() }).nullable(),
  application: z
    .object({
      successRatio: z.string().nullable(),
      floor: z.number(),
      capacityAtTarget: z.string().nullable(),
    })
    .nullable(),
  alertTargets: z.array(z.string()),
  /** Outside of the instances' own resource groups, whose activity log is read anyway. */
  changeScopes: z.array(ChangeScope),
  policy: Policy,
});
export type Group = z.infer<typeof Group>;

/** The whole configuration, read once. `self` is the site this process runs as. */
export interface Config {
  readonly self: Site;
  readonly sites: readonly Site[];
  readonly groups: readonly Group[];
  readonly notify: { readonly webhook: string | null };
  /** How often a healthy group is looked at. */
  readonly tickMs: z.infer<typeof DurationMs>;
  /** For how long rows are kept that are only added. */
  readonly retention: Retention;
  /** sha-256 of the parsed policy settings: receipts name it. */
  readonly digest: string;
}
