import * as z from "zod";
import { readPages } from "../../../shared/azure/arm-pages.ts";
import { type AzureOptions, createArmRequests } from "../../../shared/azure/arm-requests.ts";
import { createWallClock } from "../../../shared/azure/wall-clock.ts";
import type { GroupDirectory, GroupsReading } from "../ports/group-directory.ts";

const API_VERSION = "2022-05-01-preview";
const Text = z.string().nullable().catch(null);
const Listed = z.object({
  name: z.string().regex(/^[\w-]{1,63}$/),
  properties: z.object({
    replicationRole: Text,
    managedInstancePairs: z
      .array(z.object({ primaryManagedInstanceId: Text, partnerManagedInstanceId: Text }))
      .catch([]),
  }),
});

/** Failover groups by Resource Manager. Every call ends within `timeoutMs` and none throws. */
export function createGroupDirectory(options: AzureOptions): GroupDirectory {
  const { clock = createWallClock() } = options;
  const halfMs = Math.ceil(options.timeoutMs / 2);
  const arm = createArmRequests({ ...options, clock, timeoutMs: halfMs });
  return {
    list: async ({ subscriptionId, resourceGroup, region }) => {
      const [subscription, group, location] = [subscriptionId, resourceGroup, region].map(
        encodeURIComponent,
      );
      const pages = await readPages(arm, {
        subscriptionId,
        url: `${arm.endpoint}/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Sql/locations/${location}/instanceFailoverGroups?api-version=${API_VERSION}`,
        beginUntilAt: clock.now() + halfMs,
      });
      if (pages.kind === "unknown") return pages;
      if (!pages.complete) return { kind: "unknown", because: "list-incomplete" };
      const groups = z.array(Listed).safeParse(pages.items);
      if (!groups.success) return { kind: "unknown", because: "not-a-group" };
      return { kind: "read", groups: groups.data.map(listed) };
    },
  };
}

type Found = Extract<GroupsReading, { kind: "read" }>["groups"][number];

function listed({ name, properties }: z.infer<typeof Listed>): Found {
  const role = properties.replicationRole?.toLowerCase();
  const ids = properties.managedInstancePairs.flatMap((pair) => [
    pair.primaryManagedInstanceId,
    pair.partnerManagedInstanceId,
  ]);
  return {
    name,
    role: role === "primary" || role === "secondary" ? role : "unknown",
    instanceIds: ids.filter((id) => id !== null),
  };
}
