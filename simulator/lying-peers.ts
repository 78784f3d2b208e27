import type { Site } from "../shared/domain/group.ts";
import { type TravellingObservation, TravellingReport } from "../shared/domain/travelling.ts";
import type { World } from "./azure/world/world.ts";

/** What was so "two minutes ago". */
const STALE_MS = 120_000;

/** What a site tells of its looks, as the lie of the moment has it; anything else is left as it is. */
export function tellLies(world: World, site: Site, text: string): string {
  world.now();
  const lie = world.faults("peer-lies").find((fault) => fault.site === site.name);
  if (lie === undefined || !text.startsWith("{")) return text;
  const report = TravellingReport.safeParse(JSON.parse(text));
  if (!report.success) return text;
  const down = report.data.looks.map(toDown);
  switch (lie.how) {
    case "down":
      return JSON.stringify({ ...report.data, looks: [...down, ...down.slice(-1).map(toNew)] });
    case "stale":
      return JSON.stringify({ ...report.data, looks: down.map(toStale) });
    case "for-others": {
      const others = world.sites.filter(({ name }) => name !== site.name);
      const looks = others.flatMap((other) => down.slice(-1).map((look) => as(other, look)));
      return JSON.stringify({ ...report.data, looks: [...down, ...looks] });
    }
    default:
      return lie.how satisfies never;
  }
}

function toDown(look: TravellingObservation): TravellingObservation {
  return { ...look, result: "no-answer", code: "connect-timed-out", latencyMs: null };
}

function toStale(look: TravellingObservation): TravellingObservation {
  const { startedAgeMs, endedAgeMs } = look;
  return { ...look, startedAgeMs: startedAgeMs + STALE_MS, endedAgeMs: endedAgeMs + STALE_MS };
}

/** Newer than anything that is known of the same vantage from elsewhere. */
function toNew(look: TravellingObservation): TravellingObservation {
  return { ...look, startedAgeMs: 0, endedAgeMs: 0 };
}

function as({ name, region }: Site, look: TravellingObservation): TravellingObservation {
  return { ...toNew(look), vantage: name, region };
}
