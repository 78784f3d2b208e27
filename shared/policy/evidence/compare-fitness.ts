import type { Facts } from "../../domain/facts.ts";

/** What of an instance decides whether it can carry the load of another. */
export interface Size {
  readonly tier: string;
  readonly vCores: number | null;
  readonly storageGb: number | null;
  readonly databaseFormat: string | null;
}

/** Can the secondary take over? Compared value by value; what one side did not say does not count against it. */
export function compareFitness(primary: Size, secondary: Size): Facts["secondary"]["fitness"] {
  if (primary.tier !== secondary.tier) return { kind: "unfit", because: "tier-differs" };
  if (isLess(secondary.vCores, primary.vCores)) return { kind: "unfit", because: "fewer-vcores" };
  if (isLess(secondary.storageGb, primary.storageGb)) {
    return { kind: "unfit", because: "less-storage" };
  }
  const formats = [primary.databaseFormat, secondary.databaseFormat];
  if (!formats.includes(null) && formats[0] !== formats[1]) {
    return { kind: "unfit", because: "update-policy-differs" };
  }
  return { kind: "fit" };
}

function isLess(secondary: number | null, primary: number | null): boolean {
  return secondary !== null && primary !== null && secondary < primary;
}
