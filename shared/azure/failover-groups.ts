import type { Instance } from "../domain/group.ts";
import type { FailoverGroups } from "../ports/failover-groups.ts";
import { type AzureOptions, createArmRequests } from "./arm-requests.ts";
import { groupReading } from "./group-reading.ts";
import { pollAnswer } from "./poll-answer.ts";
import { isOf } from "./poll-url.ts";
import { postAnswer } from "./post-answer.ts";
import { createWallClock } from "./wall-clock.ts";

/** The one that @azure/arm-sql 10.0.0 uses for these operations. */
const API_VERSION = "2022-05-01-preview";
const VERBS = { planned: "failover", forced: "forceFailoverAllowDataLoss" } as const;

/**
 * Failover groups through Resource Manager. Every call ends within `timeoutMs`, the POST within
 * `postTimeoutMs`, and none throws.
 */
export function createFailoverGroups(
  options: AzureOptions & { readonly postTimeoutMs?: number },
): FailoverGroups {
  const { clock = createWallClock(), timeoutMs, postTimeoutMs = timeoutMs } = options;
  const { endpoint, call, send } = createArmRequests({ ...options, clock });
  const posts = createArmRequests({ ...options, clock, timeoutMs: postTimeoutMs });

  return {
    async read(group, side) {
      const answer = await call(side.subscriptionId, (client, bounds) =>
        client.instanceFailoverGroups.get(side.resourceGroup, side.region, group, bounds),
      );
      return groupReading(answer, group, side);
    },

    // Not `beginFailover`: it polls once before it returns, so that a failed poll would hide that the POST
    // was accepted, and it takes a 202 without headers for a success. The same client sends the same
    // request, and we read the answer ourselves.
    async failOver({ group, to, kind }) {
      // Planned and forced alike are asked of the secondary.
      const url = `${endpoint}${groupPath(to, group)}/${VERBS[kind]}?api-version=${API_VERSION}`;
      const { subscriptionId } = to;
      return postAnswer(await posts.send({ subscriptionId, method: "POST", url }), endpoint);
    },

    async poll({ to, ticket: url }) {
      if (!isOf(endpoint, url)) return { kind: "unknown", because: "foreign-poll-url" };
      const { subscriptionId } = to;
      return pollAnswer(await send({ subscriptionId, method: "GET", url }), url);
    },
  };
}

function groupPath(instance: Instance, group: string): string {
  const [subscription, resourceGroup, region, name] = [
    instance.subscriptionId,
    instance.resourceGroup,
    instance.region,
    group,
  ].map(encodeURIComponent);
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/locations/${region}/instanceFailoverGroups/${name}`;
}
