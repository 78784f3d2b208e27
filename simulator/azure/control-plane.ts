import { otherSide, type Side } from "../../shared/domain/group.ts";
import type { ArmError } from "./arm-call.ts";
import { startFailover } from "./failover-operation.ts";
import type { GroupWorld, KeyCheck, Operation } from "./group-world.ts";
import { instanceUp, isOf, isOn, keyFault, whyClosed } from "./instance-health.ts";
import { dnsZoneOf } from "./names.ts";
import { type ReplicationWord, replicationState, seeding } from "./replication.ts";
import type { Vantage, World } from "./world.ts";

/** The group as the region of one side shows it. */
export interface GroupView {
  readonly role: "Primary" | "Secondary";
  readonly replicationState: ReplicationWord;
  readonly policy: "Manual" | "Automatic";
  readonly primary: Side;
}

export function groupView(world: World, group: GroupWorld, side: Side): GroupView {
  const stale = world.faults("group-read-stale")[0];
  const asOf = world.at - 1_000 * (stale?.seconds ?? 0);
  const { name } = group.group;
  const known = world.record.roles.findLast((each) => each.group === name && each.at <= asOf);
  const primary = known?.primary ?? group.primary;
  const automatic = world.faults("policy-automatic").some((fault) => isOf(fault, group));
  return {
    role: side === primary ? "Primary" : "Secondary",
    replicationState: replicationState(world, group, side),
    policy: automatic ? "Automatic" : "Manual",
    primary,
  };
}

export type FailoverAnswer =
  | { readonly kind: "accepted"; readonly operation: Operation }
  | { readonly kind: "refused"; readonly error: ArmError };

/** Takes a failover request at this instant, and writes it down. */
export function requestFailover(
  world: World,
  request: {
    readonly group: GroupWorld;
    readonly side: Side;
    readonly kind: "planned" | "forced";
    readonly from: Vantage;
  },
): FailoverAnswer {
  const { group, side, kind, from } = request;
  const error = refusal(world, group, side);
  const operation =
    error === null
      ? startFailover(world, group, { target: side, kind, by: "us", who: from.name })
      : null;
  world.record.posts.push({
    at: world.at,
    group: group.group.name,
    side,
    kind,
    from: from.name,
    answer: error?.code ?? "accepted",
    operationId: operation?.id ?? null,
  });
  return operation === null || error !== null
    ? { kind: "refused", error: error ?? refused(500, "InternalServerError", "An error occurred.") }
    : { kind: "accepted", operation };
}

function refusal(world: World, group: GroupWorld, side: Side): ArmError | null {
  const { region, name } = group.group[side];
  const injected = world.faults("arm-refuses").find((fault) => fault.region === region);
  if (injected) {
    return refused(injected.status ?? statusOf(injected.code), injected.code, "Injected.");
  }
  if (side === group.primary) {
    const code = "InstanceFailoverGroupFailoverRequestOnPrimary";
    return refused(
      400,
      code,
      "The failover request should be initiated on the secondary server of instance failover group.",
    );
  }
  if (group.operation !== null || seeding(world, group)) {
    const text = `The instance failover group '${group.group.name}' is busy with another operation.`;
    return refused(409, "InstanceFailoverGroupBusy", text);
  }
  if (runningOperation(world, group, side) !== null) {
    return refused(
      409,
      "ConflictingServerOperation",
      `An operation is currently in progress for the server '${name}'.`,
    );
  }
  return null;
}

function refused(status: number, code: string, message: string): ArmError {
  return { status, code, message, failureCause: null, retryAfterSeconds: null };
}

function statusOf(code: string): number {
  if (/Throttled|TooMany/.test(code)) return 429;
  return /Busy|Conflict|InProgress|Undo|Interrupted|Cancelled/.test(code) ? 409 : 400;
}

/** What Resource Manager shows of an instance: of its processes it knows nothing. */
export interface InstanceView {
  readonly state: string;
  readonly provisioningState: string;
  readonly tier: string;
  readonly vCores: number;
  readonly storageGb: number;
  readonly dnsZone: string;
}

export function instanceView(world: World, group: GroupWorld, side: Side): InstanceView {
  const { settings } = world;
  const state = world.faults("instance-state").find((fault) => isOn(fault, group, side))?.state;
  const size = world.faults("instance-size").find((fault) => isOn(fault, group, side));
  return {
    state: state ?? "Ready",
    provisioningState: state === "Updating" ? "Updating" : "Succeeded",
    tier: size?.tier ?? settings.tier,
    vCores: size?.vCores ?? settings.vCores,
    storageGb: settings.storageGb,
    dnsZone: dnsZoneOf(group.group[side].fqdn),
  };
}

/** Name and start of the long operation that runs on an instance, or null. */
export function runningOperation(
  world: World,
  group: GroupWorld,
  side: Side,
): { readonly name: string; readonly startedAt: number } | null {
  const span = world.spans("operation-running").find(({ fault }) => isOn(fault, group, side));
  return span === undefined ? null : { name: span.fault.name, startedAt: span.startAt };
}

export function closedDatabases(
  world: World,
  group: GroupWorld,
  side: Side,
): readonly {
  readonly name: string;
  readonly reason: "key-denied" | "key-unreachable" | "other";
}[] {
  return group.databases.flatMap(({ name }) => {
    const reason = whyClosed(world, group, side, name);
    return reason === null ? [] : [{ name, reason }];
  });
}

/** Starts the instance's own check of its key. */
export function startKeyCheck(world: World, group: GroupWorld, side: Side): KeyCheck {
  const [low, high] = world.settings.keyCheckTakesMs;
  const check: KeyCheck = {
    id: world.guid("key-check"),
    side,
    startedAt: world.at,
    readyAt: world.at + Math.round(low + world.draw("key-check-takes") * (high - low)),
  };
  group.keyChecks.set(check.id, check);
  world.record.keyChecks.push({ at: world.at, group: group.group.name, side });
  return check;
}

export type KeyCheckState =
  | { readonly kind: "running" }
  | { readonly kind: "proven" }
  | { readonly kind: "failed"; readonly because: "denied" | "unreachable"; readonly code: string };

export function keyCheckState(world: World, group: GroupWorld, check: KeyCheck): KeyCheckState {
  const { side } = check;
  const silent = world.faults("key-check-silent").some((fault) => isOn(fault, group, side));
  if (silent || world.at < check.readyAt || !instanceUp(world, group, side)) {
    return { kind: "running" };
  }
  const fault = keyFault(world, group, side);
  if (fault === null) return { kind: "proven" };
  const because = fault.kind === "key-denied" ? "denied" : "unreachable";
  return { kind: "failed", because, code: fault.code };
}

/** The pair as Resource Manager orders it: the primary first. */
export function instancePair(group: GroupWorld, primary: Side): readonly [string, string] {
  return [group.group[primary].id, group.group[otherSide(primary)].id];
}
