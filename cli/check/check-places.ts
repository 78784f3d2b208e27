import type { Group, Site } from "../../shared/domain/group.ts";
import { ok, type Question, type Said, unknown, worstOf, wrong } from "./finding.ts";
import { type Inquiry, SIDES, subscriptionsOf } from "./inquiry.ts";
import type { RunsAs } from "./ports/places.ts";
import { howToRead, subjectOf } from "./wording.ts";

/** What must not be lost together with the primary: resource groups, and what the sites stand on. */
export function checkPlaces(inquiry: Inquiry): readonly Question[] {
  const { group, options } = inquiry;
  return [
    ...SIDES.map((side) => ({
      check: "resource group",
      subject: subjectOf(group, side),
      ask: () => judgeResourceGroup(inquiry, side),
    })),
    ...options.sites.flatMap((site) => [
      { check: "place of app", subject: site.name, ask: () => judgeApp(inquiry, site) },
      { check: "place of store", subject: site.name, ask: () => judgeStore(inquiry, site) },
      { check: "place of identity", subject: site.name, ask: () => judgeIdentity(inquiry, site) },
    ]),
  ];
}

async function judgeResourceGroup(
  { group, reads }: Inquiry,
  side: (typeof SIDES)[number],
): Promise<Said> {
  const { resourceGroup, region } = group[side];
  const place = await reads.places.ofResourceGroup(group[side]);
  switch (place.kind) {
    case "unknown":
      return unknown(
        `${resourceGroup}: Resource Manager does not say: ${place.because}`,
        howToRead(place),
      );
    case "none":
      return wrong(`there is no resource group ${resourceGroup}`, `correct ${side}.instance`);
    case "at": {
      const other = side === "home" ? group.partner.region : group.home.region;
      if (place.region !== other) return ok(`${resourceGroup} lies in ${place.region}`);
      return wrong(
        `${resourceGroup} lies in ${other}: when ${other} is lost, nothing in it can be changed, and no failover to ${region} be requested`,
        `move the instance to a resource group that lies in ${region}`,
      );
    }
    default:
      return place satisfies never;
  }
}

async function judgeApp({ group, app }: Inquiry, site: Site): Promise<Said> {
  const found = await app(site);
  if (found === null) {
    return unknown(`${site.url} does not tell the name of a function app`, lookYourself(site));
  }
  switch (found.kind) {
    case "unknown":
      return unknown(`Resource Manager does not say: ${found.because}`, howToRead(found));
    case "none":
      return notFound("function app");
    case "at":
      if (found.region === site.region) return ok(`it runs in ${found.region}`);
      return worstOf([
        sharesFate(group, site, "the app", found.region),
        wrong(
          `it runs in ${found.region}, and the configuration says ${site.region}`,
          `write region: ${found.region} for site ${site.name}, or deploy it there`,
        ),
      ]);
    default:
      return found satisfies never;
  }
}

async function judgeStore(inquiry: Inquiry, site: Site): Promise<Said> {
  const { group, reads } = inquiry;
  if (site.store === null) {
    return wrong(
      "its store has no address in the configuration: for the other sites it counts as down",
      `write store: https://<account>.table.core.windows.net for site ${site.name}`,
    );
  }
  const { hostname } = new URL(site.store);
  const [name = "", service] = hostname.split(".");
  if (service !== "table") {
    return unknown(`${hostname} does not tell the name of an account`, lookYourself(site));
  }
  const subscriptionIds = subscriptionsOf(inquiry);
  const type = "Microsoft.Storage/storageAccounts";
  const found = await reads.places.ofResource({ subscriptionIds, type, name });
  switch (found.kind) {
    case "unknown":
      return unknown(`Resource Manager does not say: ${found.because}`, howToRead(found));
    case "none":
      return notFound(`storage account ${name}`);
    case "at":
      return sharesFate(group, site, name, found.region);
    default:
      return found satisfies never;
  }
}

async function judgeIdentity(inquiry: Inquiry, site: Site): Promise<Said> {
  const found = await inquiry.app(site);
  if (found?.kind !== "at") {
    return unknown("where its app is could not be found out", "see the row of its app");
  }
  if (found.runsAs.length === 0) {
    return unknown("Resource Manager does not tell its identity", lookYourself(site));
  }
  return worstOf(
    await Promise.all(
      found.runsAs.map((identity) => judgeRunsAs(inquiry, site, identity, found.region)),
    ),
  );
}

async function judgeRunsAs(
  { reads, group }: Inquiry,
  site: Site,
  { resource }: RunsAs,
  appRegion: string,
): Promise<Said> {
  if (resource === null) return sharesFate(group, site, "its own identity", appRegion);
  const place = await reads.places.ofResource({
    subscriptionIds: [resource.subscriptionId],
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    name: resource.name,
  });
  switch (place.kind) {
    case "unknown":
      return unknown(`Resource Manager does not say: ${place.because}`, howToRead(place));
    case "none":
      return unknown(`identity ${resource.name} was not found`, lookYourself(site));
    case "at":
      return sharesFate(group, site, resource.name, place.region);
    default:
      return place satisfies never;
  }
}

/** A site must not be lost with a region of the group that it does not run in: it is needed just then. */
function sharesFate(group: Group, site: Site, what: string, region: string): Said {
  const lost = SIDES.map((side) => group[side].region).find(
    (each) => each === region && each !== site.region,
  );
  if (lost === undefined) return ok(`${what} lies in ${region}`);
  return wrong(
    `${what} lies in ${lost}: the site is lost with that region, when it is needed`,
    `give site ${site.name} one in ${site.region}`,
  );
}

function notFound(what: string): Said {
  return unknown(
    `no ${what} was found in the subscriptions of the instances`,
    "name the subscription of the sites: --app-subscription ID[,ID]",
  );
}

function lookYourself({ name, region }: Site): string {
  return `see for yourself that site ${name} stands in ${region} with all that it needs`;
}
