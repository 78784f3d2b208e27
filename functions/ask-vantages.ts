import type { Group } from "../shared/domain/group.ts";
import type { Observation } from "../shared/domain/observation.ts";
import type { PeerReport, TravellingObservation } from "../shared/ports/peers.ts";
import type { App } from "./app.ts";
import { within } from "./deadline.ts";
import { lookAtGroup, recentLooks } from "./look.ts";

/** On top of the probe timeout, for the way to another site and back. */
export const TRAVEL_MS = 2_000;

/** Looks of every vantage that answers within one deadline, on this site's clock. Silence is no look. */
export async function askVantages(app: App, group: Group): Promise<readonly Observation[]> {
  const { clock, peers } = app.ports;
  const deadlineMs = group.policy.probeTimeoutMs + TRAVEL_MS;
  const others = app.config.sites.filter((site) => site.name !== app.config.self.name);
  const [, ...reports] = await Promise.all([
    within<Observation | null>(clock, deadlineMs, lookAtGroup(app, group), () => null),
    ...others.map((site) =>
      within<PeerReport>(
        clock,
        deadlineMs,
        peers.observe(site, group.name, deadlineMs),
        (because) => ({ kind: "unheard", because }),
      ),
    ),
  ]);
  const now = clock.now();
  const theirs = reports.flatMap((report) =>
    report.kind === "heard" ? report.looks.map((seen) => arrive(seen, now)) : [],
  );
  return [...(await recentLooks(app, group)), ...theirs];
}

/** Puts a look on our clock. The way here makes it look younger than it is, by less than `TRAVEL_MS`. */
function arrive(seen: TravellingObservation, now: number): Observation {
  const { startedAgeMs, endedAgeMs, ...rest } = seen;
  return { ...rest, startedAt: now - startedAgeMs, endedAt: now - endedAgeMs };
}
