// The bodies of Resource Manager, key by key as they were recorded (test/simulator/azure/shapes.test.ts).

import { otherSide, type Side } from "../../../shared/domain/group.ts";
import { drawGuid } from "../world/draw.ts";
import type { GroupWorld, Operation } from "../world/group-world.ts";
import { isOn } from "../world/instance-health.ts";
import { hostOf } from "../world/names.ts";
import { displayNameOf } from "../world/region-names.ts";
import type { World } from "../world/world.ts";
import {
  closedDatabases,
  groupView,
  instancePair,
  instanceView,
  runningOperation,
} from "./control-plane.ts";

const ALLOWED_GRACE_MINUTES = 60;
const TENANT = "00000000-0000-0000-0000-0000000000aa";
const KEY_VERSION = "0123456789abcdef0123456789abcdef";

export function groupBody(world: World, group: GroupWorld, side: Side): object {
  const { role, replicationState, policy, primary } = groupView(world, group, side);
  const { name } = group.group;
  const { subscriptionId, resourceGroup, region } = group.group[side];
  const [primaryManagedInstanceId, partnerManagedInstanceId] = instancePair(group, primary);
  return {
    properties: {
      readWriteEndpoint:
        policy === "Manual"
          ? { failoverPolicy: policy }
          : {
              failoverPolicy: policy,
              failoverWithDataLossGracePeriodMinutes: ALLOWED_GRACE_MINUTES,
            },
      readOnlyEndpoint: { failoverPolicy: "Disabled" },
      replicationRole: role,
      replicationState,
      partnerRegions: [
        {
          location: group.group[otherSide(side)].region,
          replicationRole: role === "Primary" ? "Secondary" : "Primary",
        },
      ],
      managedInstancePairs: [{ primaryManagedInstanceId, partnerManagedInstanceId }],
    },
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/locations/${displayNameOf(region)}/instanceFailoverGroups/${name}`,
    name,
    type: "Microsoft.Sql/locations/instanceFailoverGroups",
  };
}

export function acceptedBody(operation: Operation): object {
  return { operation: "FailoverManagedFailoverGroup", startTime: isoOf(operation.startedAt) };
}

/** The status of anything long-running; an error stands in it only when it failed. */
export function statusBody(progress: {
  readonly id: string;
  readonly startedAt: number;
  readonly status: "InProgress" | "Succeeded" | "Failed";
  readonly error: { readonly code: string; readonly message: string } | null;
}): object {
  const { id, startedAt, status, error } = progress;
  const body = { name: id, status, startTime: isoOf(startedAt) };
  return error === null ? body : { ...body, error };
}

export function instanceBody(world: World, group: GroupWorld, side: Side): object {
  const { id, subscriptionId, resourceGroup, name, region, fqdn } = group.group[side];
  const view = instanceView(world, group, side);
  const skuName = view.tier === "BusinessCritical" ? "BC_Gen5" : "GP_Gen5";
  const scope = `/subscriptions/${subscriptionId}`;
  return {
    identity: {
      principalId: drawGuid(world.seed, `principal-${name}`, 0),
      type: "SystemAssigned",
      tenantId: TENANT,
    },
    sku: { name: skuName, tier: view.tier, family: "Gen5", capacity: view.vCores },
    properties: {
      provisioningState: view.provisioningState,
      fullyQualifiedDomainName: hostOf(fqdn),
      administratorLogin: "simulated",
      subnetId: `${scope}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/virtualNetworks/vnet-${name}/subnets/ManagedInstance`,
      state: view.state,
      licenseType: "LicenseIncluded",
      vCores: view.vCores,
      storageSizeInGB: view.storageGb,
      collation: "SQL_Latin1_General_CP1_CI_AS",
      dnsZone: view.dnsZone,
      publicDataEndpointEnabled: false,
      proxyOverride: "Redirect",
      timezoneId: "UTC",
      maintenanceConfigurationId: `${scope}/providers/Microsoft.Maintenance/publicMaintenanceConfigurations/SQL_Default`,
      privateEndpointConnections: [],
      minimalTlsVersion: "1.2",
      currentBackupStorageRedundancy: "Geo",
      requestedBackupStorageRedundancy: "Geo",
      zoneRedundant: false,
      administrators: {
        administratorType: "ActiveDirectory",
        principalType: "Group",
        login: "simulated@example.net",
        sid: drawGuid(world.seed, `sid-${name}`, 0),
        tenantId: TENANT,
        azureADOnlyAuthentication: false,
      },
    },
    location: region,
    tags: {},
    id,
    name,
    type: "Microsoft.Sql/managedInstances",
  };
}

export function operationsBody(world: World, group: GroupWorld, side: Side): object {
  const running = runningOperation(world, group, side);
  if (running === null) return { value: [] };
  const { id, name } = group.group[side];
  const operationId = drawGuid(world.seed, `operation-${name}`, running.startedAt);
  const operation = {
    properties: {
      managedInstanceName: name,
      operation: running.name,
      operationFriendlyName: "UPDATE MANAGED SERVER",
      percentComplete: 0,
      startTime: isoOf(running.startedAt),
      state: "InProgress",
      isCancellable: true,
      operationSteps: {
        totalSteps: "Calculating",
        currentStep: 1,
        stepsList: [{ order: 1, name: "Request validation", status: "InProgress" }],
      },
    },
    id: `${id}/operations/${operationId}`,
    name: operationId,
    type: "Microsoft.Sql/managedInstances/operations",
  };
  return { value: [operation] };
}

export function inaccessibleBody(world: World, group: GroupWorld, side: Side): object {
  const { id, region } = group.group[side];
  const describe = {
    "key-denied": "The instance's identity is not authorized to use the key.",
    "key-unreachable": "The vault of the key could not be reached.",
    other: "Root cause explanation and mitigation action.",
  } as const;
  const errorCodes = {
    "key-denied": "AzureKeyVaultMissingPermissions",
    "key-unreachable": "AzureKeyVaultConnectionFailed",
    other: "1",
  } as const;
  const value = closedDatabases(world, group, side).map(({ name, reason }) => ({
    name,
    type: "Microsoft.Sql/managedInstances/databases",
    id: `${id}/databases/${name}`,
    location: region,
    properties: {
      collation: "SQL_Latin1_General_CP1_CI_AS",
      creationDate: isoOf(world.startAt),
      defaultSecondaryLocation: displayNameOf(group.group[otherSide(side)].region),
      extendedAccessibilityInfo: {
        inaccessibilityReasonDescription: describe[reason],
        inaccessibilityReasonErrorCode: errorCodes[reason],
        inaccessibilityReasonKind: reason === "other" ? "Unspecified" : "TransparentDataEncryption",
        ...(reason === "other" ? {} : { inaccessibilityReasonTdeKeyUri: keyUriOf(group) }),
      },
      isLedgerOn: false,
      status: "Inaccessible",
    },
  }));
  return { value };
}

/** Every instance knows the key of the group, and the one that Azure manages. */
export function keysBody(world: World, group: GroupWorld, side: Side): object {
  const { id } = group.group[side];
  const key = (name: string, serverKeyType: string, more: object) => ({
    kind: serverKeyType.toLowerCase(),
    properties: { serverKeyType, ...more },
    id: `${id}/keys/${name}`,
    name,
    type: "Microsoft.Sql/managedInstances/keys",
  });
  const managed = key("ServiceManaged", "ServiceManaged", {});
  const missing = world.faults("key-not-added").some((fault) => isOn(fault, group, side));
  if (world.settings.keys !== "customer" || missing) return { value: [managed] };
  const thumbprint = KEY_VERSION.toUpperCase();
  return { value: [key(keyNameOf(group), "AzureKeyVault", { thumbprint }), managed] };
}

export function protectorBody(world: World, group: GroupWorld, side: Side): object {
  const { id } = group.group[side];
  const properties = {
    serverKeyName: keyNameOf(group),
    serverKeyType: "AzureKeyVault",
    uri: keyUriOf(group),
    autoRotationEnabled: false,
  };
  const managed = { serverKeyName: "ServiceManaged", serverKeyType: "ServiceManaged" };
  const customer = world.settings.keys === "customer";
  return {
    kind: customer ? "azurekeyvault" : "servicemanaged",
    properties: customer ? properties : managed,
    id: `${id}/encryptionProtector/current`,
    name: "current",
    type: "Microsoft.Sql/managedInstances/encryptionProtector",
  };
}

function keyNameOf(group: GroupWorld): string {
  return `kv-${group.group.name}_tde_${KEY_VERSION}`;
}

function keyUriOf(group: GroupWorld): string {
  return `https://kv-${group.group.name}.vault.azure.net/keys/tde/${KEY_VERSION}`;
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
