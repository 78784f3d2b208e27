import type { OperationKind, SecondaryState } from "../../../shared/domain/facts.ts";
import type { Instance, Side } from "../../../shared/domain/group.ts";
import type { Instances } from "../../../shared/ports/instances.ts";
import type { Unread } from "../../../shared/ports/unread.ts";
import { callArm, unreadOf } from "../arm/arm-call.ts";
import { closedDatabases, instanceView, runningOperation } from "../arm/control-plane.ts";
import type { GroupWorld } from "../world/group-world.ts";
import { tokenGoodForMs } from "../world/tokens.ts";
import { type Vantage, type World, whereIs } from "../world/world.ts";

/** The instances as Resource Manager shows them to one site. */
export function createInstancesPort(
  world: World,
  vantage: Vantage,
  { timeoutMs = 8_000 }: { readonly timeoutMs?: number } = {},
): Instances {
  const ask = <Value>(
    instance: Instance,
    handle: (group: GroupWorld, side: Side) => Value,
  ): Promise<Asked<Value>> => askOf(world, vantage, { instance, timeoutMs }, handle);
  return {
    read: async (instance) => {
      const answer = await ask(instance, (group, side) => instanceView(world, group, side));
      if (answer.kind === "unknown") return answer;
      const { region, fqdn } = instance;
      const state = stateOf(answer.value.state);
      return { kind: "read", ...answer.value, state, region, fqdn, databaseFormat: null };
    },
    runningOperation: async (instance) => {
      const answer = await ask(instance, (group, side) => ({
        running: runningOperation(world, group, side),
      }));
      if (answer.kind === "unknown") return answer;
      const { running } = answer.value;
      if (running === null) return { kind: "none" };
      const { name: said, startedAt } = running;
      return { kind: "running", what: operationKind(said), said, startedAt };
    },
    inaccessibleDatabases: async (instance) => {
      const answer = await ask(instance, (group, side) => closedDatabases(world, group, side));
      if (answer.kind === "unknown") return answer;
      return { kind: "read", databases: answer.value };
    },
  };
}

function stateOf(said: string): SecondaryState["state"] {
  if (said === "Unknown") return { kind: "unknown", said };
  return { kind: said === "Ready" ? "ready" : "not-ready", said };
}

/** By the name that a fault gives to it. */
function operationKind(name: string): OperationKind {
  if (/failover/i.test(name)) return "failover";
  return name === "UpsertManagedServer" ? "update" : "other";
}

export type Asked<Value> = { readonly kind: "answered"; readonly value: Value } | Unread;

/** One request about one instance; whatever is not an answer is unknown, and says why. */
export async function askOf<Value>(
  world: World,
  vantage: Vantage,
  { instance, timeoutMs }: { readonly instance: Instance; readonly timeoutMs: number },
  handle: (group: GroupWorld, side: Side) => Value,
): Promise<Asked<Value>> {
  world.now();
  if (tokenGoodForMs(world, vantage) === null) return { kind: "unknown", because: "identity" };
  const found = whereIs(world, instance.id);
  const answer = await callArm(world, vantage, { region: instance.region, timeoutMs }, () =>
    found === null ? { found: null } : { found: handle(found.group, found.side) },
  );
  if (answer.kind !== "answered") return unreadOf(answer);
  const { found: value } = answer.value;
  if (value === null) return { kind: "unknown", because: "http-404 (ResourceNotFound)" };
  return { kind: "answered", value };
}
