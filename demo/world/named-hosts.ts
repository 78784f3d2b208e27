import { tablesEndpoint } from "../../simulator/azure/data/tables-service.ts";
import type { World } from "../../simulator/azure/world/world.ts";

const OF_AZURE = ["management.azure.com", "api.loganalytics.io", "*.vault.azure.net"];

/** Every host that this world answers for over HTTP, one of them by a pattern. */
export function namedHosts(world: World, webhook: string): readonly string[] {
  const groups = [...world.groups.values()].map(({ group }) => group);
  const pages = [
    webhook,
    ...world.sites.flatMap((site) => [site.url, tablesEndpoint(site), site.reference]),
    ...groups.flatMap(({ home, partner, application }) => [
      home.regionReference,
      partner.regionReference,
      application?.capacityAtTarget ?? null,
    ]),
  ];
  const hosts = pages.flatMap((page) =>
    page !== null && /^https?:\/\//.test(page) ? [new URL(page).hostname] : [],
  );
  return [...new Set([...OF_AZURE, ...hosts])];
}
