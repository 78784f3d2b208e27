import type { Side } from "../../../shared/domain/group.ts";
import type { GroupWorld, KeyCheck, Operation } from "../world/group-world.ts";
import { type PollTarget, signPollUrl } from "../world/signed-url.ts";
import { groupOf, type World } from "../world/world.ts";

export const ENDPOINT = "https://management.azure.com";
const GROUP_API_VERSION = "2022-05-01-preview";
const KEY_CHECK_API_VERSION = "2025-01-01";

export interface PollUrls {
  /** Answers with a status. */
  readonly operation: string;
  /** Answers with the thing itself when it is done. */
  readonly result: string;
}

/** The two URLs of an accepted failover: of the subscription, no resource group in them. */
export function operationUrls(
  world: World,
  operation: Operation,
  options: { readonly endpoint?: string; readonly apiVersion?: string } = {},
): PollUrls {
  const { subscriptionId, region } = groupOf(world, operation.group).group[operation.target];
  const base = { group: operation.group, region, id: operation.id };
  const sign = (kind: PollTarget["kind"], type: string): string =>
    signPollUrl(
      world,
      { kind, ...base },
      {
        endpoint: options.endpoint ?? ENDPOINT,
        path: pathOf(subscriptionId, region, type, operation.id),
        apiVersion: options.apiVersion ?? GROUP_API_VERSION,
      },
    );
  return {
    operation: sign("operation", "instanceFailoverGroupAzureAsyncOperation"),
    result: sign("result", "instanceFailoverGroupOperationResults"),
  };
}

/** The two URLs of an instance's check of its key. */
export function keyCheckUrls(
  world: World,
  group: GroupWorld,
  check: KeyCheck,
  options: { readonly endpoint?: string; readonly apiVersion?: string } = {},
): PollUrls {
  const side: Side = check.side;
  const { subscriptionId, region } = group.group[side];
  const base = { group: group.group.name, region, id: check.id };
  const sign = (kind: PollTarget["kind"], type: string): string =>
    signPollUrl(
      world,
      { kind, ...base },
      {
        endpoint: options.endpoint ?? ENDPOINT,
        path: pathOf(subscriptionId, region, type, check.id),
        apiVersion: options.apiVersion ?? KEY_CHECK_API_VERSION,
      },
    );
  return {
    operation: sign("key-check", "managedInstanceAzureAsyncOperation"),
    result: sign("key-check-result", "managedInstanceOperationResults"),
  };
}

function pathOf(subscriptionId: string, region: string, type: string, id: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Sql/locations/${region}/${type}/${id}`;
}
