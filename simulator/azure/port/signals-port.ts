import type { ActivityEntry, AdviceKind } from "../../../shared/domain/facts.ts";
import type { Signals } from "../../../shared/ports/signals.ts";
import { operationOf } from "../arm/activity-service.ts";
import type { ActivityRecord } from "../world/group-world.ts";
import { isOf } from "../world/instance-health.ts";
import { vantageBlind } from "../world/network.ts";
import { applicationReading } from "../world/telemetry.ts";
import { groupOf, type Vantage, type World } from "../world/world.ts";

const SIGNAL_TAKES_MS = 120;
const SIGNAL_GIVEN_UP_MS = 4_000;
const ADVICE_AGE_MS = 60_000;

/** What the platform and the application say to one site. */
export function createSignalsPort(world: World, vantage: Vantage): Signals {
  const arrive = async (): Promise<boolean> => {
    world.now();
    const blind = vantageBlind(world, vantage);
    await world.wait(blind ? SIGNAL_GIVEN_UP_MS : SIGNAL_TAKES_MS);
    return !blind;
  };
  return {
    application: async ({ name, application }) => {
      if ((application?.successRatio ?? null) === null) return { kind: "not-configured" };
      if (!(await arrive())) return { kind: "unknown", because: "no-answer" };
      return applicationReading(world, groupOf(world, name));
    },
    capacityAt: async ({ name, application }) => {
      if ((application?.capacityAtTarget ?? null) === null) return "not-required";
      if (!(await arrive())) return "unknown";
      const group = groupOf(world, name);
      return world.faults("capacity").findLast((fault) => isOf(fault, group))?.value ?? "ready";
    },
    activity: async ({ name }, sinceMs) => {
      if (!(await arrive())) return { kind: "unknown", because: "no-answer" };
      const shownAt = world.at - world.settings.activityDelayMs;
      const entries = entriesOf(
        world.activity
          .filter((each) => each.group === name)
          .filter(({ at }) => at >= world.at - sinceMs && at <= shownAt),
      );
      return { kind: "read", entries };
    },
    advice: async ({ name }) => {
      if (!(await arrive())) return [];
      const group = groupOf(world, name);
      return world
        .faults("platform-advice")
        .filter((fault) => isOf(fault, group))
        .map(({ source, value }) => {
          const kind = KINDS[value] ?? "unknown";
          return { source, kind, said: value, ageMs: ADVICE_AGE_MS };
        });
    },
  };
}

/** Words that a fault may put into the platform's mouth. */
const KINDS: Readonly<Record<string, AdviceKind>> = {
  Available: "ok",
  Degraded: "bad",
  Unavailable: "bad",
  Planned: "bad",
};

/** All lines of one request are one entry, with both its ends as far as they are shown. */
function entriesOf(records: readonly ActivityRecord[]): readonly ActivityEntry[] {
  return [...new Set(records.map(({ request }) => request))].flatMap((request) => {
    const lines = records.filter((each) => each.request === request);
    const [first] = lines;
    if (first === undefined) return [];
    const end = lines.find(({ step }) => step !== "begun");
    const { what, by, ours, side } = first;
    return [
      {
        ...{ what, said: operationOf(first), by, ours, side },
        startedAt: lines.find(({ step }) => step === "begun")?.at ?? null,
        ended:
          end === undefined
            ? null
            : { at: end.at, how: end.step === "ended-well" ? "well" : "badly" },
      } as const,
    ];
  });
}
