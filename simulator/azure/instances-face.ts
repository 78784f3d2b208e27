import type { OperationKind, SecondaryState } from "../../shared/domain/facts.ts";
import type { Instance, Side } from "../../shared/domain/group.ts";
import type { Instances } from "../../shared/ports/instances.ts";
import { type ArmAnswer, callArm } from "./arm-call.ts";
import { closedDatabases, instanceView, runningOperation } from "./control-plane.ts";
import type { GroupWorld } from "./group-world.ts";
import { tokenGoodForMs } from "./tokens.ts";
import { sideOf, type Vantage, type World } from "./world.ts";

/** The instances as Resource Manager shows them to one site. */
export function createInstancesFace(
  world: World,
  vantage: Vantage,
  { timeoutMs = 8_000 }: { readonly timeoutMs?: number } = {},
): Instances {
  const ask = <Value>(
    instance: Instance,
    handle: (group: GroupWorld, side: Side) => Value,
  ): Promise<Asked<Value>> => askOf(world, vantage, instance, timeoutMs, handle);
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

export type Asked<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "unknown"; readonly because: string };

/** One request about one instance; whatever is not an answer is unknown, and says why. */
export async function askOf<Value>(
  world: World,
  vantage: Vantage,
  instance: Instance,
  timeoutMs: number,
  handle: (group: GroupWorld, side: Side) => Value,
): Promise<Asked<Value>> {
  world.now();
  if (tokenGoodForMs(world, vantage) === null) return { kind: "unknown", because: "identity" };
  const found = whereIs(world, instance.id);
  const answer = await callArm(world, vantage, { region: instance.region, timeoutMs }, () =>
    found === null ? { found: null } : { found: handle(found.group, found.side) },
  );
  if (answer.kind !== "answered") return { kind: "unknown", because: becauseOf(answer) };
  const { found: value } = answer.value;
  if (value === null) return { kind: "unknown", because: "http-404 (ResourceNotFound)" };
  return { kind: "answered", value };
}

/** The group and side of an instance by its ARM id. */
export function whereIs(
  world: World,
  instanceId: string,
): { readonly group: GroupWorld; readonly side: Side } | null {
  for (const group of world.groups.values()) {
    const side = sideOf(group, instanceId);
    if (side !== null) return { group, side };
  }
  return null;
}

function becauseOf(answer: Exclude<ArmAnswer<unknown>, { kind: "answered" }>): string {
  switch (answer.kind) {
    case "error":
      return `http-${answer.error.status} (${answer.error.code ?? "no code"})`;
    case "silent":
      return "timed-out";
    case "no-name":
      return "not-connected";
    default:
      return answer satisfies never;
  }
}
