import type { Side } from "../../shared/domain/group.ts";
import {
  acceptedBody,
  groupBody,
  inaccessibleBody,
  instanceBody,
  keysBody,
  operationsBody,
  protectorBody,
  statusBody,
} from "./arm-bodies.ts";
import {
  type ArmResponse,
  accepted,
  empty,
  failed,
  found,
  invalidRequest,
  notFoundByGateway,
  notFoundByProvider,
  notYet,
  operationNotFound,
  polled,
} from "./arm-responses.ts";
import type { ArmRoute, InstanceQuestion } from "./arm-routes.ts";
import { keyCheckState, requestFailover, startKeyCheck } from "./control-plane.ts";
import type { GroupWorld, KeyCheck, Operation } from "./group-world.ts";
import { keyCheckUrls, operationUrls } from "./poll-urls.ts";
import type { Vantage, World } from "./world.ts";

/** One request as the wire brought it. */
export interface ArmRequest {
  readonly url: string;
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly body: string;
  readonly from: Vantage;
}

const GROUP_TYPE = "Microsoft.Sql/locations/instanceFailoverGroups";

/** What Resource Manager answers at this instant. */
export function answerArm(world: World, route: ArmRoute, request: ArmRequest): ArmResponse {
  switch (route.kind) {
    case "group":
    case "failover": {
      const at = findGroup(world, route);
      if (at === null) return notFoundByProvider(GROUP_TYPE, route.name);
      if (route.kind === "group") return found(groupBody(world, at.group, at.side));
      return answerFailover(world, { ...at, kind: route.failover }, request);
    }
    case "groups": {
      const here = [...world.groups.values()].flatMap((group) => sidesIn(group, route));
      return found({ value: here.map(({ group, side }) => groupBody(world, group, side)) });
    }
    case "poll":
      return answerPoll(world, request.url);
    case "instance":
    case "operations":
    case "inaccessible-databases":
    case "protector":
    case "keys":
    case "validate-key": {
      const at = findInstance(world, route);
      if (at === null) {
        return notFoundByGateway(
          `Microsoft.Sql/managedInstances/${route.name}`,
          route.resourceGroup,
        );
      }
      return answerInstance(world, route.kind, at, request);
    }
    case "nothing": {
      const path = new URL(request.url).pathname;
      return invalidRequest("InvalidResourceType", `Not served by this world: ${path}`);
    }
    default:
      return route satisfies never;
  }
}

interface Place {
  readonly group: GroupWorld;
  readonly side: Side;
}

function answerFailover(
  world: World,
  { group, side, kind }: Place & { readonly kind: "planned" | "forced" },
  request: ArmRequest,
): ArmResponse {
  const answer = requestFailover(world, { group, side, kind, from: request.from });
  if (answer.kind === "refused") return failed(answer.error);
  const { operation } = answer;
  const urls = operationUrls(world, operation, request);
  return accepted(operation.id, urls, acceptedBody(operation));
}

function answerInstance(
  world: World,
  question: InstanceQuestion,
  { group, side }: Place,
  request: ArmRequest,
): ArmResponse {
  switch (question) {
    case "instance":
      return found(instanceBody(world, group, side));
    case "operations":
      return found(operationsBody(world, group, side));
    case "inaccessible-databases":
      return found(inaccessibleBody(world, group, side));
    case "protector":
      return found(protectorBody(world, group, side));
    case "keys":
      return found(keysBody(world, group, side));
    case "validate-key": {
      if (!/"tdeKeyUri"\s*:\s*"https:\/\//.test(request.body)) {
        const code = "InvalidManagedInstanceValidateAzureKeyVaultEncryptionKeyRequest";
        return invalidRequest(code, "The request body names no key.");
      }
      const check = startKeyCheck(world, group, side);
      return accepted(check.id, keyCheckUrls(world, group, check, request), null);
    }
    default:
      return question satisfies never;
  }
}

/** A signed URL is good byte for byte, or not at all. */
function answerPoll(world: World, url: string): ArmResponse {
  const target = world.pollUrls.get(url);
  const group = target === undefined ? undefined : world.groups.get(target.group);
  const unknown = (): ArmResponse =>
    operationNotFound(new URL(url).pathname.split("/").at(-1) ?? "");
  if (target === undefined || group === undefined) return unknown();
  const isResult = target.kind === "result" || target.kind === "key-check-result";
  const operation = group.operations.get(target.id);
  if (operation !== undefined) {
    return isResult
      ? operationResult(world, group, operation, url)
      : polled(
          statusBody({ ...operation, status: STATUS[operation.state], error: errorOf(operation) }),
        );
  }
  const check = group.keyChecks.get(target.id);
  return check === undefined
    ? unknown()
    : answerKeyCheck(world, group, check, isResult ? url : null);
}

const STATUS = { running: "InProgress", succeeded: "Succeeded", failed: "Failed" } as const;

function operationResult(
  world: World,
  group: GroupWorld,
  operation: Operation,
  url: string,
): ArmResponse {
  if (operation.state === "running") return notYet(url);
  const error = errorOf(operation);
  if (error !== null) return invalidRequest(error.code, error.message);
  return found(groupBody(world, group, operation.target));
}

function errorOf({ state, code, message }: Operation) {
  if (state !== "failed") return null;
  return { code: code ?? "InternalServerError", message: message ?? "An error occurred." };
}

function answerKeyCheck(
  world: World,
  group: GroupWorld,
  check: KeyCheck,
  resultUrl: string | null,
): ArmResponse {
  const state = keyCheckState(world, group, check);
  const error =
    state.kind === "failed"
      ? { code: state.code, message: "The instance could not use the key." }
      : null;
  if (resultUrl !== null) {
    if (state.kind === "running") return notYet(resultUrl);
    return error === null ? empty() : invalidRequest(error.code, error.message);
  }
  const status = { running: "InProgress", proven: "Succeeded", failed: "Failed" } as const;
  return polled(statusBody({ ...check, status: status[state.kind], error }));
}

function findGroup(
  world: World,
  route: Extract<ArmRoute, { kind: "group" | "failover" }>,
): Place | null {
  const wanted = route.name.toLowerCase();
  const group = [...world.groups.values()].find((each) => each.group.name.toLowerCase() === wanted);
  return group === undefined ? null : (sidesIn(group, route)[0] ?? null);
}

function sidesIn(
  group: GroupWorld,
  where: {
    readonly region: string;
    readonly resourceGroup: string;
    readonly subscriptionId: string;
  },
): readonly Place[] {
  return (["home", "partner"] as const).flatMap((side) => {
    const { region, resourceGroup, subscriptionId } = group.group[side];
    const here =
      region === where.region &&
      same(resourceGroup, where.resourceGroup) &&
      same(subscriptionId, where.subscriptionId);
    return here ? [{ group, side }] : [];
  });
}

/** The group and side of the instance that a route names, or null. */
export function findInstance(
  world: World,
  route: { readonly name: string; readonly resourceGroup: string; readonly subscriptionId: string },
): Place | null {
  for (const group of world.groups.values()) {
    for (const side of ["home", "partner"] as const) {
      const { name, resourceGroup, subscriptionId } = group.group[side];
      const named = same(name, route.name) && same(resourceGroup, route.resourceGroup);
      if (named && same(subscriptionId, route.subscriptionId)) return { group, side };
    }
  }
  return null;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
