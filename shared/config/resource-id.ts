import { ok, type Reading, refused } from "../text/reading.ts";

/** What an instance's resource id says, with the id as it was written. */
export interface InstanceId {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ID = new RegExp(
  `^/subscriptions/(${GUID})/resourceGroups/([-\\w.()]{0,89}[-\\w()])/providers/([\\w.]+)((?:/[-\\w.]+/[-\\w.()]+)+)$`,
  "i",
);
const INSTANCE_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const EXAMPLE =
  "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Sql/managedInstances/<name>";

/** Reads the resource id of a managed instance; ids of its unsupported relatives are refused by name. */
export function readInstanceId(text: string): Reading<InstanceId> {
  const relative = refuseRelative(text);
  if (relative !== null) return relative;
  const [, subscriptionId, resourceGroup, provider, rest] = ID.exec(text) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || rest === undefined) {
    return refused("not-a-resource-id", "must be the resource id of a managed instance", EXAMPLE);
  }
  const [, type = "", name = "", ...deeper] = rest.split("/");
  const isInstance = `${provider}/${type}`.toLowerCase() === "microsoft.sql/managedinstances";
  if (!isInstance || deeper.length > 0 || !INSTANCE_NAME.test(name)) {
    return refused("not-an-instance", "must name a managed instance, nothing else", EXAMPLE);
  }
  return ok({ id: text, subscriptionId, resourceGroup, name });
}

/** Checks that a text is the resource id of something. */
export function readResourceId(text: string): Reading<string> {
  if (ID.test(text)) return ok(text);
  return refused(
    "not-a-resource-id",
    "must be a resource id",
    "/subscriptions/<id>/resourceGroups/<name>/providers/<namespace>/<type>/<name>",
  );
}

/** A resource, or a whole resource group, with where its changes are logged. */
export interface ScopeId {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

const GROUP_ID = new RegExp(
  `^/subscriptions/(${GUID})/resourceGroups/([-\\w.()]{0,89}[-\\w()])$`,
  "i",
);

/** Reads the id of a resource or of a resource group. */
export function readScopeId(text: string): Reading<ScopeId> {
  const [, subscriptionId, resourceGroup] = ID.exec(text) ?? GROUP_ID.exec(text) ?? [];
  if (subscriptionId !== undefined && resourceGroup !== undefined) {
    return ok({ id: text, subscriptionId, resourceGroup });
  }
  return refused(
    "not-a-resource-id",
    "must be the id of a resource or of a resource group",
    "/subscriptions/<id>/resourceGroups/<name>/providers/<namespace>/<type>/<name>",
  );
}

function refuseRelative(text: string): Reading<never> | null {
  if (/\/providers\/Microsoft\.AzureArcData\//i.test(text)) {
    return refused(
      "arc-instance",
      "Azure Arc-enabled instances are not supported",
      `the id of a managed instance in Azure, ${EXAMPLE}`,
    );
  }
  if (/\/providers\/Microsoft\.Sql\/servers(\/|$)/i.test(text)) {
    return refused(
      "sql-database-server",
      "SQL Database failover groups are not supported",
      `the id of a managed instance, ${EXAMPLE}`,
    );
  }
  return null;
}
