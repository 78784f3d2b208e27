import { classifyArmError, saysThatOneRuns } from "../../../shared/azure/arm-errors.ts";
import type { Instance, Side } from "../../../shared/domain/group.ts";
import type { Replication } from "../../../shared/domain/replication.ts";
import type {
  FailoverGroups,
  GroupReading,
  PollAnswer,
  PostAnswer,
} from "../../../shared/ports/failover-groups.ts";
import { type ArmAnswer, type ArmError, becauseOf, callArm, unreadOf } from "../arm/arm-call.ts";
import {
  type FailoverAnswer,
  type GroupView,
  groupView,
  instancePair,
  requestFailover,
} from "../arm/control-plane.ts";
import { operationUrls } from "../arm/poll-urls.ts";
import type { GroupWorld, Operation } from "../world/group-world.ts";
import type { ReplicationWord } from "../world/replication.ts";
import { tokenGoodForMs } from "../world/tokens.ts";
import { sideOf, type Vantage, type World } from "../world/world.ts";

const RETRY_AFTER_MS = 10_000;

/** The failover groups as one site reaches them, without the wire in between. */
export function createFailoverGroupsPort(
  world: World,
  vantage: Vantage,
  { timeoutMs = 8_000 }: { readonly timeoutMs?: number } = {},
): FailoverGroups {
  return {
    read: async (name, instance) => {
      if (tokenless(world, vantage)) return { kind: "unknown", because: "identity" };
      const found = find(world, name, instance);
      const answer = await callArm(world, vantage, { region: instance.region, timeoutMs }, () =>
        found === null ? ("not-found" as const) : groupView(world, found.group, found.side),
      );
      return readingOf(answer, found?.group ?? null);
    },
    failOver: async ({ group: name, to, kind }) => {
      if (tokenless(world, vantage)) return notSent("identity");
      const found = find(world, name, to);
      const target = { region: to.region, timeoutMs, writes: true };
      const answer = await callArm(world, vantage, target, () =>
        found === null
          ? ("not-found" as const)
          : requestFailover(world, { ...found, kind, from: vantage }),
      );
      return postAnswerOf(world, answer);
    },
    poll: async ({ to, ticket }) => {
      if (tokenless(world, vantage)) return { kind: "unknown", because: "identity" };
      const answer = await callArm(
        world,
        vantage,
        { region: to.region, timeoutMs },
        () => operationAt(world, ticket) ?? ("not-found" as const),
      );
      return pollAnswerOf(answer);
    },
  };
}

function tokenless(world: World, vantage: Vantage): boolean {
  world.now();
  return tokenGoodForMs(world, vantage) === null;
}

function find(
  world: World,
  name: string,
  instance: Instance,
): { readonly group: GroupWorld; readonly side: Side } | null {
  const group = world.groups.get(name);
  const side = group === undefined ? null : sideOf(group, instance.id);
  return group === undefined || side === null ? null : { group, side };
}

function operationAt(world: World, ticket: string): Operation | undefined {
  const target = world.pollUrls.get(ticket);
  if (target?.kind !== "operation") return undefined;
  return world.groups.get(target.group)?.operations.get(target.id);
}

const KINDS = {
  CATCH_UP: "following",
  SEEDING: "seeding",
  SUSPENDED: "suspended",
} as const satisfies Readonly<Record<ReplicationWord, Replication["kind"]>>;

function readingOf(
  answer: ArmAnswer<GroupView | "not-found">,
  group: GroupWorld | null,
): GroupReading {
  if (answer.kind !== "answered") return unreadOf(answer);
  if (answer.value === "not-found" || group === null) {
    return { kind: "not-found", code: "ResourceNotFound" };
  }
  const { role, replicationState, policy, primary } = answer.value;
  const [primaryInstanceId, partnerInstanceId] = instancePair(group, primary);
  return {
    kind: "read",
    role: role === "Primary" ? "primary" : "secondary",
    replication: { kind: KINDS[replicationState], said: replicationState },
    failoverPolicy: policy === "Manual" ? "manual" : "automatic",
    primaryInstanceId,
    partnerInstanceId,
  };
}

function postAnswerOf(world: World, answer: ArmAnswer<FailoverAnswer | "not-found">): PostAnswer {
  if (answer.kind === "no-name") return notSent("not-connected");
  if (answer.kind === "silent") return { kind: "unanswered", because: becauseOf(answer) };
  if (answer.kind === "answered" && answer.value === "not-found") {
    const message = "The requested resource was not found.";
    return refused("ResourceNotFound", message, 0);
  }
  if (
    answer.kind === "answered" &&
    answer.value !== "not-found" &&
    answer.value.kind === "accepted"
  ) {
    const ticket = operationUrls(world, answer.value.operation).operation;
    return { kind: "accepted", ticket, retryAfterMs: RETRY_AFTER_MS };
  }
  const error = errorOf(answer);
  if (error === null || !isDefiniteNo(error)) {
    const because = answer.kind === "answered" ? "answered" : becauseOf(answer);
    return { kind: "unanswered", because };
  }
  const code = error.code ?? `http-${error.status}`;
  return refused(code, error.message, (error.retryAfterSeconds ?? 0) * 1_000);
}

/** Of what a gateway or a broken service says, only throttling is certain to have started nothing. */
function isDefiniteNo({ status, code }: ArmError): boolean {
  if (status === 503) return code === "TooManyRequests";
  return status < 500 && status !== 408;
}

function errorOf(answer: ArmAnswer<FailoverAnswer | "not-found">): ArmError | null {
  if (answer.kind === "error") return answer.error;
  if (answer.kind !== "answered" || answer.value === "not-found") return null;
  return answer.value.kind === "refused" ? answer.value.error : null;
}

function refused(code: string, message: string, afterMs: number): PostAnswer {
  const errorClass = classifyArmError(code);
  const retryAfterMs = errorClass === "busy" ? afterMs || RETRY_AFTER_MS : 0;
  const runs = saysThatOneRuns(code);
  return { kind: "refused", errorClass, runs, code, message, retryAfterMs };
}

function notSent(code: string): PostAnswer {
  const message = "Nothing was sent.";
  return { kind: "refused", errorClass: "unknown", runs: false, code, message, retryAfterMs: 0 };
}

function pollAnswerOf(answer: ArmAnswer<Operation | "not-found">): PollAnswer {
  if (answer.kind !== "answered") return { kind: "unknown", because: becauseOf(answer) };
  if (answer.value === "not-found")
    return { kind: "unknown", because: "http-404 (OperationIdNotFound)" };
  const { state, code, message } = answer.value;
  switch (state) {
    case "running":
      return { kind: "running", retryAfterMs: RETRY_AFTER_MS };
    case "succeeded":
      return { kind: "succeeded" };
    case "failed":
      return {
        kind: "failed",
        errorClass: classifyArmError(code),
        code: code ?? "no-code",
        message: message ?? "",
      };
    default:
      return state satisfies never;
  }
}
