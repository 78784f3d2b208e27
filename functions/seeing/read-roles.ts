import type { GroupState } from "../../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { GroupReading } from "../../shared/ports/failover-groups.ts";
import type { App } from "../app.ts";

/** The group as the region of its expected secondary shows it. */
export function readGroup(app: App, group: Group, primary: Side): Promise<GroupState> {
  return readGroupAt(app, group, otherSide(primary));
}

/** The group as the region of one side shows it: the role is that side's. */
export async function readGroupAt(app: App, group: Group, side: Side): Promise<GroupState> {
  return stateOfGroup(await readSide(app, group, side));
}

/** The same as it was answered. */
export function readSide({ ports }: App, group: Group, side: Side): Promise<GroupReading> {
  return ports.failoverGroups.read(group.name, group[side]);
}

/** Longer than this nobody who is about to act waits for the roles. */
const THROTTLED_MS = 6_000;

/** Asks once more where too much was asked, and not before whoever answers wants it. */
export async function readSideWhenLet(app: App, group: Group, side: Side): Promise<GroupReading> {
  const reading = await readSide(app, group, side);
  const { throttledForMs = null } = reading.kind === "unknown" ? reading : {};
  if (throttledForMs === null || throttledForMs > THROTTLED_MS) return reading;
  await app.ports.clock.sleep(throttledForMs);
  return readSide(app, group, side);
}

/** What a reading of the group says, as a fact. */
export function stateOfGroup(reading: GroupReading): GroupState {
  switch (reading.kind) {
    case "read":
      return {
        kind: "read",
        targetRole: reading.role,
        replication: reading.replication,
        failoverPolicy: reading.failoverPolicy,
      };
    case "not-found":
      return { kind: "unknown", because: reading.code };
    case "unknown":
      return { kind: "unknown", because: reading.because };
    default:
      return reading satisfies never;
  }
}

/** Who is primary by what the expected secondary's region says; null when it does not say. */
export function primaryBy(state: GroupState, expected: Side): Side | null {
  if (state.kind === "unknown") return null;
  switch (state.targetRole) {
    case "primary":
      return otherSide(expected);
    case "secondary":
      return expected;
    case "unknown":
      return null;
    default:
      return state.targetRole satisfies never;
  }
}
