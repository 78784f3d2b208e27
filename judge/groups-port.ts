import { replicationOf } from "../shared/azure/replication.ts";
import type { Group, Instance } from "../shared/domain/group.ts";
import type { FailoverKind } from "../shared/domain/purpose.ts";
import type { FailoverGroups, PostAnswer } from "../shared/ports/failover-groups.ts";
import { postObstacle, readObstacle, refused } from "./arm-answers.ts";
import { type JudgedWorld, otherPlace } from "./judged-world.ts";
import type { OwnFailovers } from "./own-failovers.ts";
import type { GroupPlace, Place } from "./sources.ts";

const RETRY_AFTER_MS = 10_000;
const IN_PROGRESS = "FailoverInProgress";

/** The failover group through Resource Manager, which stands outside of every region. */
export function createGroupsPort(
  world: JudgedWorld,
  from: Place,
  group: Group,
  ours: OwnFailovers,
): FailoverGroups {
  return {
    read: async (_name, side) => {
      const place = placeOf(group, side);
      const obstacle = await readObstacle(world, place);
      if (obstacle !== null) return { kind: "unknown", because: obstacle };
      const now = world.now();
      ours.settle(now);
      const known =
        world.read("fog_primary") !== "unknown" || ours.all.some(({ state }) => state === "moved");
      const primary = world.roles.primary(now);
      return {
        kind: "read",
        role: known ? (primary === place ? "primary" : "secondary") : "unknown",
        replication: replicationOf(stateNow(world, ours)),
        failoverPolicy: world.incidentFile.config.failoverPolicy,
        primaryInstanceId: known ? instanceOf(group, primary).id : null,
        partnerInstanceId: known ? instanceOf(group, otherPlace(primary)).id : null,
      };
    },
    failOver: async ({ to, kind }) => {
      const place = placeOf(group, to);
      const atMs = world.now();
      const answer = (await postObstacle(world, place)) ?? take(world, ours, place, kind);
      const code = answer.kind === "refused" ? answer.code : null;
      const sent = code !== "identity";
      world.trace.posts.push({
        atMs,
        from,
        kind,
        target: place,
        answer: sent ? answer.kind : "not-sent",
        code,
      });
      return answer;
    },
    poll: async ({ to, ticket }) => {
      const obstacle = await readObstacle(world, placeOf(group, to));
      if (obstacle !== null) return { kind: "unknown", because: obstacle };
      return ours.poll(ticket, world.now());
    },
  };
}

function take(
  world: JudgedWorld,
  ours: OwnFailovers,
  place: GroupPlace,
  kind: FailoverKind,
): PostAnswer {
  const now = world.now();
  ours.settle(now);
  if (world.roles.primary(now) === place) {
    return refused(
      "InstanceFailoverGroupFailoverRequestOnPrimary",
      "This side is primary already.",
    );
  }
  if (ours.running() !== null || stateNow(world, ours) === IN_PROGRESS) {
    return refused("InstanceFailoverGroupBusy", "Another operation runs on the group.");
  }
  const { id } = ours.accept(kind, place, now);
  return { kind: "accepted", ticket: id, retryAfterMs: RETRY_AFTER_MS };
}

/** A failover in progress that the log says is ours shows only when it is: when we have asked for it. */
function stateNow(world: JudgedWorld, ours: OwnFailovers): string {
  if (ours.running() !== null) return IN_PROGRESS;
  const { fog_status, activity_log } = world.timeline;
  const now = world.now();
  const told = fog_status.at(now);
  if (told !== IN_PROGRESS || !activity_log.at(now).ours) return told;
  return (
    fog_status.steps.findLast(({ atMs, value }) => atMs <= now && value !== IN_PROGRESS)?.value ??
    "Synchronizing"
  );
}

/** Which region's instance this is. */
export function placeOf(group: Group, instance: Pick<Instance, "id">): GroupPlace {
  return instance.id.toLowerCase() === group.home.id.toLowerCase() ? "A" : "B";
}

function instanceOf(group: Group, place: GroupPlace): Instance {
  return place === "A" ? group.home : group.partner;
}
