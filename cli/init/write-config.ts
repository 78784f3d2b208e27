import type { Discovery, KnownInstance } from "./discover.ts";

export interface Wishes {
  /** The group's name, where the operator gave it. */
  readonly group: string | null;
  readonly thirdRegion: string | null;
}

interface SitePlan {
  readonly name: string;
  readonly region: string;
  /** For whoever fills the gaps in. */
  readonly where: string;
}

/** A configuration with everything that is known; `"<…>"` stands for what is not, and is refused until it is filled. */
export function writeConfig(found: Discovery, wishes: Wishes): string {
  const { home, partner } = found;
  const sites = [
    siteOf("home", home.region, `region of ${home.id.name}`),
    siteOf("partner", partner.region, `region of ${partner.id.name}`),
    siteOf("third", wishes.thirdRegion, "third region, neither of the two"),
  ];
  const group = wishes.group ?? found.group ?? gap("name of the failover group");
  return `${[
    ...HEAD,
    ...sites.flatMap(siteLines),
    ...DEFAULTS,
    `  - name: ${group}`,
    found.rolesKnown
      ? "    # The primary of today. Home is the side that should be primary in peace."
      : "    # Nobody said who is primary: home is the instance that was named first. Swap them if that is wrong.",
    ...instanceLines("home", home),
    ...instanceLines("partner", partner),
    ...TAIL,
  ].join("\n")}\n`;
}

/** What still has to be written by hand, as it stands in the file. */
export function gapsIn(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
  return lines.flatMap((line) => [...line.matchAll(/"(<[^"]+>)"/g)].map((match) => match[1] ?? ""));
}

function siteOf(name: string, region: string | null, place: string): SitePlan {
  return {
    name: region ?? name,
    region: region ?? gap(place),
    where: `in ${region ?? `the ${place}`}`,
  };
}

function siteLines({ name, region, where }: SitePlan): readonly string[] {
  return [
    `  - name: ${name}`,
    `    region: ${region}`,
    `    url: ${gap(`https address of the function app ${where}`)}`,
    `    reference: ${gap(`host:port of a SQL-like target known to be good, ${where}`)}`,
    `    store: ${gap(`https address of the table endpoint of the storage account ${where}`)}`,
  ];
}

function instanceLines(side: string, { id, region, fqdn }: KnownInstance): readonly string[] {
  return [
    `    ${side}:`,
    `      instance: ${id.id}`,
    `      region: ${region ?? gap(`region of ${id.name}`)}`,
    `      fqdn: ${fqdn ?? gap(`host name of ${id.name}, as the portal shows it`)}`,
    "      # Something in that region that is not SQL and not on the SQL path: it tells a lost region from a lost way.",
    `      # regionReference: https://status.example.net/ping`,
  ];
}

function gap(what: string): string {
  return `"<${what}>"`;
}

const HEAD = [
  "# yaml-language-server: $schema=./geo-failover.schema.json",
  "#",
  '# Fill in every "<…>", then: npx geo-failover config check FILE',
  "# Every option: docs/configuration.md. What to do on the first day: docs/first-day.md.",
  "",
  "# The deployments of this app: one in each region of the group, and one in a third, so that two are",
  "# left to agree whichever region is lost.",
  "sites:",
];

const DEFAULTS = [
  "",
  "# Where events go. The environment variable holds the URL; it is never written here.",
  "# notify:",
  "#   webhook: env:GEO_FAILOVER_WEBHOOK",
  "",
  "defaults:",
  "  # It only watches, and tells what it would have done. Then approve, then automatic.",
  "  mode: observe # observe | approve | automatic",
  "",
  "  # How long the primary must have been lost before anything acts.",
  "  # grace: PT5M",
  "",
  "  # The most data, as time, that may be lost without a person's consent.",
  "  # lossBudget: PT30S",
  "",
  "groups:",
];

const TAIL = [
  "",
  "    # The database that holds the canary table (infra/sql/canary.sql). Without one a primary that reads",
  "    # and does not write is not seen, and mode automatic is refused.",
  "    # canary: { database: orders }",
];
