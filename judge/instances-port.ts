import { stateOf } from "../shared/azure/instances/instance-reading.ts";
import { keyCodeMeans } from "../shared/azure/key-path/key-codes.ts";
import type { OperationKind } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import type { Instances } from "../shared/ports/instances.ts";
import type { KeyAnswer, KeyPath } from "../shared/ports/key-path.ts";
import { BUSY, readObstacle, stateShown } from "./arm-answers.ts";
import { placeOf } from "./groups-port.ts";
import { CANARY, ZONE } from "./judged-config.ts";
import type { JudgedWorld } from "./judged-world.ts";
import { type GroupPlace, PLACES } from "./sources.ts";

const VCORES = { same: 8, larger: 16, other: 4 } as const;
const OPERATIONS: Readonly<Record<string, OperationKind>> = { Scaling: "scale" };
/** By its number in the table of SQL errors: a database that Azure shows as Inaccessible. */
const INACCESSIBLE = 945;

/** The two instances through Resource Manager. */
export function createInstancesPort(world: JudgedWorld, group: Group): Instances {
  return {
    read: async (instance) => {
      const place = placeOf(group, instance);
      const obstacle = await readObstacle(world, place);
      if (obstacle !== null) return { kind: "unknown", because: obstacle };
      return {
        kind: "read",
        state: stateOf(stateShown(world, place)),
        tier: "BusinessCritical",
        vCores: place === "A" ? VCORES.same : VCORES[world.incidentFile.config.secondarySku],
        storageGb: 256,
        region: instance.region,
        fqdn: instance.fqdn,
        dnsZone: ZONE.split(".")[0] ?? null,
        databaseFormat: null,
      };
    },
    runningOperation: async (instance) => {
      const place = placeOf(group, instance);
      const obstacle = await readObstacle(world, place);
      if (obstacle !== null) return { kind: "unknown", because: obstacle };
      const state = stateShown(world, place);
      return BUSY.test(state)
        ? { kind: "running", what: OPERATIONS[state] ?? "update", said: state, startedAt: null }
        : { kind: "none" };
    },
    inaccessibleDatabases: async (instance) => {
      const place = placeOf(group, instance);
      const obstacle = await readObstacle(world, place);
      if (obstacle !== null) return { kind: "unknown", because: obstacle };
      if (!isInaccessible(world, place)) return { kind: "read", databases: [] };
      const reason = reasonOf(keyAnswer(world.read(`key_vault@${place}`)));
      return { kind: "read", databases: [{ name: CANARY, reason }] };
    },
  };
}

/** The instance's own check of its key. Asked through Resource Manager: what fails there was not asked. */
export function createKeyPort(world: JudgedWorld, group: Group): KeyPath {
  const check: KeyPath["start"] = async (instance) => {
    const place = placeOf(group, instance);
    const obstacle = await readObstacle(world, place);
    if (obstacle !== null) return { kind: "unanswered", because: obstacle };
    if (world.incidentFile.config.keys === "service") {
      return { kind: "answered", answer: { kind: "not-needed" } };
    }
    const answer = keyAnswer(world.read(`key_vault@${place}`));
    return answer === null
      ? { kind: "unanswered", because: "no-answer" }
      : { kind: "answered", answer };
  };
  return { start: check, poll: check };
}

function keyAnswer(signal: string): KeyAnswer | null {
  switch (signal) {
    case "ok":
      return { kind: "proven" };
    case "403":
      return { kind: "denied", code: "AkvKeyAccessGeneral403" };
    case "404":
      return { kind: "denied", code: "AzureKeyVaultKeyNameNotFound" };
    case "429":
      return { kind: "unknown", reason: "other", because: "TooManyRequests" };
    case "5xx":
      return unreachable("AzureKeyVaultConnectionFailed");
    case "timeout":
      return unreachable("AkvKeyTimeout");
    default:
      return ofCode(signal);
  }
}

/** A code of the instance's own is its answer; any other word is none. */
function ofCode(code: string): KeyAnswer | null {
  const means = keyCodeMeans(code);
  switch (means) {
    case "denied":
      return { kind: "denied", code };
    case "unreached":
      return unreachable(code);
    case null:
      return null;
    default:
      return means satisfies never;
  }
}

function unreachable(because: string): KeyAnswer {
  return { kind: "unknown", reason: "unreachable", because };
}

function reasonOf(answer: KeyAnswer | null): "key-denied" | "key-unreachable" | "other" {
  switch (answer?.kind) {
    case "denied":
      return "key-denied";
    case "unknown":
      return "key-unreachable";
    default:
      return "other";
  }
}

function isInaccessible(world: JudgedWorld, place: GroupPlace): boolean {
  if (world.roles.told(world.now()) !== place) return false;
  return PLACES.some((from) => {
    const signal = world.read(`tds_primary@${from}`);
    return signal.kind === "error" && signal.number === INACCESSIBLE;
  });
}
