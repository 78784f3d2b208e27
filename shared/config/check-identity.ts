import { type Complaint, complain, type Path } from "./complaint.ts";
import type { GroupEntry, SiteEntry } from "./config-file.ts";
import type { NumberedGroup } from "./parse-file.ts";

const SIDES = ["home", "partner"] as const;

/** Checks that the two sides of a group are two fitting instances, each under its own name. */
export function checkSides({ index, entry }: NumberedGroup): readonly Complaint[] {
  const { home, partner } = entry;
  const complaints: Complaint[] = [];
  const at = (...rest: Path) => ["groups", index, ...rest];
  if (home.region === partner.region) {
    const write = "the region of the other instance; a failover group spans two";
    complaints.push(
      complain(at("partner", "region"), "same-region", "equals home's region", write),
    );
  }
  if (sameText(home.instance.id, partner.instance.id)) {
    const write = "the id of the other instance";
    complaints.push(
      complain(at("partner", "instance"), "same-instance", "is the same instance as home", write),
    );
  } else if (zoneOf(home.fqdn) !== zoneOf(partner.fqdn)) {
    const what = `is in another DNS zone than home (${zoneOf(home.fqdn)})`;
    const write = "the hosts of two instances that share a zone, as a failover group requires";
    complaints.push(complain(at("partner", "fqdn"), "zones-differ", what, write));
  }
  return [...complaints, ...SIDES.flatMap((side) => checkHost(entry, side, at(side, "fqdn")))];
}

function checkHost(
  entry: GroupEntry,
  side: (typeof SIDES)[number],
  path: Path,
): readonly Complaint[] {
  const { instance, fqdn } = entry[side];
  const [label = "", ...zone] = fqdn.split(".");
  if (sameText(label, instance.name)) return [];
  const write = [instance.name.toLowerCase(), ...zone].join(".");
  if (label === entry.name) {
    return [complain(path, "listener", "is the failover group's listener", write)];
  }
  const what = `is not the host of the instance ${instance.name}`;
  return [complain(path, "host-of-another", what, write)];
}

/** Checks that no name, address or instance is used twice. */
export function checkUniqueness(
  sites: readonly SiteEntry[],
  groups: readonly NumberedGroup[],
): readonly Complaint[] {
  const ofSites = (key: "name" | "url" | "store") =>
    sites.map((site, index) => ({ path: ["sites", index, key], value: site[key] }));
  const names = groups.map(({ index, entry }) => ({
    path: ["groups", index, "name"],
    value: entry.name,
  }));
  const instances = groups.flatMap(({ index, entry }) =>
    // A group whose two sides are one instance has been told so already.
    SIDES.filter(
      (side) => side === "home" || !sameText(entry.home.instance.id, entry.partner.instance.id),
    ).map((side) => ({
      path: ["groups", index, side, "instance"],
      value: entry[side].instance.id,
    })),
  );
  return [
    ...repeated(ofSites("name"), "repeated-site", "names a site twice"),
    ...repeated(ofSites("url"), "repeated-url", "is another site's address"),
    ...repeated(ofSites("store"), "repeated-store", "is another site's store"),
    ...repeated(names, "repeated-group", "names a group twice"),
    ...repeated(instances, "instance-in-two-groups", "already belongs to another group"),
  ];
}

function repeated(
  entries: readonly { readonly path: Path; readonly value: string | undefined }[],
  because: string,
  what: string,
): readonly Complaint[] {
  const seen = new Set<string>();
  return entries.flatMap(({ path, value }) => {
    if (value === undefined) return [];
    const known = seen.has(value.toLowerCase());
    seen.add(value.toLowerCase());
    return known ? [complain(path, because, what, "another, one of its own")] : [];
  });
}

function zoneOf(fqdn: string): string {
  return fqdn.slice(fqdn.indexOf(".") + 1);
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
