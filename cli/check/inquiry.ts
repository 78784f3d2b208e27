import type { Config, Group, Side, Site } from "../../shared/domain/group.ts";
import type { GroupReading } from "../../shared/ports/failover-groups.ts";
import type { InstanceReading } from "../../shared/ports/instances.ts";
import type { ResourceReading } from "./ports/places.ts";
import type { Reads } from "./reads.ts";
import { askSite, type SiteStatus } from "./site-status.ts";

/** What several checks need, asked once. */
export interface Inquiry {
  readonly config: Config;
  readonly group: Group;
  readonly reads: Reads;
  readonly options: InquiryOptions;
  roles(side: Side): Promise<GroupReading>;
  instance(side: Side): Promise<InstanceReading>;
  /** Who is primary, by both regions or by what a site remembers; null where nobody says. */
  primary(): Promise<Side | null>;
  status(site: Site): Promise<SiteStatus>;
  /** The function app of a site; null where its address does not tell the name. */
  app(site: Site): Promise<ResourceReading | null>;
}

export interface InquiryOptions {
  /** The sites to tell of. Whether they make a quorum, and are alike, is asked of all. */
  readonly sites: readonly Site[];
  readonly appPrincipals: readonly string[];
  /** Subscriptions, besides those of the instances, in which to look for what the sites stand on. */
  readonly subscriptionIds: readonly string[];
  readonly keyCheck: boolean;
}

export const SIDES = ["home", "partner"] as const;
const STATUS_MS = 8_000;
const APP_HOST = /^([a-z0-9-]+)\.(?:[a-z0-9-]+\.)*azurewebsites\.(?:net|us|cn)$/i;

export function createInquiry(
  config: Config,
  group: Group,
  reads: Reads,
  options: InquiryOptions,
): Inquiry {
  const roles = asked((side: Side) => reads.groups.read(group.name, group[side]));
  const status = asked((site: Site) =>
    askSite(reads, site, { group: group.name, live: false, timeoutMs: STATUS_MS }),
  );
  const primary = asked(async (_: "now"): Promise<Side | null> => {
    const [home, partner] = await Promise.all(SIDES.map(roles));
    const byRoles = primaryByRoles(home, partner);
    if (byRoles !== null) return byRoles;
    return primaryBySites(group, await Promise.all(options.sites.map(status)));
  });
  return {
    config,
    group,
    reads,
    options,
    roles,
    status,
    instance: asked((side: Side) => reads.instances.read(group[side])),
    primary: () => primary("now"),
    app: asked((site: Site) => findApp(reads, group, options, site)),
  };
}

/** The subscriptions in which to look for what the sites stand on. */
export function subscriptionsOf({ group, options }: Pick<Inquiry, "group" | "options">) {
  return [group.home.subscriptionId, group.partner.subscriptionId, ...options.subscriptionIds];
}

async function findApp(
  reads: Reads,
  group: Group,
  options: InquiryOptions,
  site: Site,
): Promise<ResourceReading | null> {
  const name = APP_HOST.exec(new URL(site.url).hostname)?.[1];
  if (name === undefined) return null;
  const subscriptionIds = subscriptionsOf({ group, options });
  return reads.places.ofResource({ subscriptionIds, type: "Microsoft.Web/sites", name });
}

/** One region's word is enough: each tells its own role, and there is one primary. Two that differ tell nothing. */
function primaryByRoles(
  home: GroupReading | undefined,
  partner: GroupReading | undefined,
): Side | null {
  const byHome = sideOf(home, { primary: "home", secondary: "partner" });
  const byPartner = sideOf(partner, { primary: "partner", secondary: "home" });
  if (byHome !== null && byPartner !== null) return byHome === byPartner ? byHome : null;
  return byHome ?? byPartner;
}

function sideOf(
  reading: GroupReading | undefined,
  means: { readonly primary: Side; readonly secondary: Side },
): Side | null {
  if (reading?.kind !== "read" || reading.role === "unknown") return null;
  return means[reading.role];
}

function primaryBySites(group: Group, told: readonly SiteStatus[]): Side | null {
  const ids = told.flatMap((site) =>
    site.kind === "told" && site.group.primary.kind === "read" ? [site.group.primary.value] : [],
  );
  const [id] = new Set(ids);
  if (new Set(ids).size !== 1 || id === null || id === undefined) return null;
  return SIDES.find((side) => group[side].id.toLowerCase() === id.toLowerCase()) ?? null;
}

/** The same question to the same subject is asked once. */
function asked<K, T>(ask: (about: K) => Promise<T>): (about: K) => Promise<T> {
  const answers = new Map<K, Promise<T>>();
  return (about) => {
    const answer = answers.get(about) ?? ask(about);
    answers.set(about, answer);
    return answer;
  };
}
