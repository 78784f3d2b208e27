import { type Complaint, complain } from "./complaint.ts";
import type { SiteEntry } from "./config-file.ts";
import type { SettledGroup } from "./settled-group.ts";

/** Checks that a group's sites could see its loss and act on it, whichever of its regions is lost. */
export function checkReach(group: SettledGroup, sites: readonly SiteEntry[]): readonly Complaint[] {
  return [
    ...checkQuorum(group, sites),
    ...checkSitesOfRegions(group, sites),
    ...checkReferences(group, sites),
    ...checkAutomatic(group),
  ];
}

function checkQuorum({ entry }: SettledGroup, sites: readonly SiteEntry[]): readonly Complaint[] {
  const quorum = Math.floor(sites.length / 2) + 1;
  return [entry.home.region, entry.partner.region].flatMap((region) => {
    const heard = sites.filter((site) => site.region !== region).length;
    if (heard >= quorum) return [];
    const what = `leaves ${heard} of ${sites.length} when ${region} is silent, and a quorum is ${quorum}`;
    const write = "more sites in other regions: one in each group region and one in a third";
    return [{ path: ["sites"], on: "key", because: "quorum-lost", what, write } as const];
  });
}

function checkSitesOfRegions(
  { index, entry, settings }: SettledGroup,
  sites: readonly SiteEntry[],
): readonly Complaint[] {
  if (settings.mode === "observe") return [];
  return (["home", "partner"] as const).flatMap((side) => {
    const { region } = entry[side];
    if (sites.some((site) => site.region === region)) return [];
    const what = `has no site, and mode ${settings.mode} keeps its claims there`;
    const write = `a site with region: ${region}, or mode: observe`;
    return [complain(["groups", index, side, "region"], "region-without-site", what, write)];
  });
}

function checkReferences(
  { settings }: SettledGroup,
  sites: readonly SiteEntry[],
): readonly Complaint[] {
  if (settings.mode === "observe") return [];
  return sites.flatMap(({ reference }, index) => {
    if (reference !== undefined) return [];
    const what = "has no reference, so that it cannot tell its own blindness from a lost primary";
    const write = "reference: host:port of a SQL-like target known to be good, or mode: observe";
    return [complain(["sites", index, "name"], "site-without-reference", what, write)];
  });
}

function checkAutomatic({ index, entry, settings }: SettledGroup): readonly Complaint[] {
  if (settings.mode !== "automatic" || entry.canary !== undefined) return [];
  const what =
    "has no canary, and mode automatic cannot see a primary that reads but does not write";
  const write = "canary: { database: NAME }, or mode: approve";
  return [complain(["groups", index, "name"], "automatic-without-canary", what, write)];
}
