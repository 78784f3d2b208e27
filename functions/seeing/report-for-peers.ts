import type { Group } from "../../shared/domain/group.ts";
import { type TravellingReport, travelling } from "../../shared/domain/travelling.ts";
import { lastBeat } from "../../shared/ledger/watches.ts";
import type { App } from "../app.ts";
import { lookAtGroup, recentLooks } from "./look.ts";
import { seeSecondary } from "./probe-secondary.ts";

/** How far back looks are told: whoever opens an incident counts from the first failures on. */
const TOLD_MS = 3 * 60_000;

/** What this site tells the others of a group: its looks of the last minutes, one of them young, and the secondary. */
export async function reportForPeers(app: App, group: Group): Promise<TravellingReport> {
  const [secondary] = await Promise.all([seeSecondary(app, group), lookUnlessYoung(app, group)]);
  const now = app.ports.clock.now();
  const looks = await recentLooks(app, group);
  const beat = await lastBeat(app.stores.own);
  return {
    version: 1,
    site: app.config.self.name,
    looks: looks
      .filter((look) => now - look.endedAt < TOLD_MS)
      .map((look) => travelling(look, now)),
    secondary,
    lastTickAgeMs: beat === null ? null : Math.max(0, now - beat.at),
  };
}

/** Several sites that ask at once share a look younger than half an interval. */
async function lookUnlessYoung(app: App, group: Group): Promise<void> {
  const since = app.ports.clock.now() - group.policy.intervalMs / 2;
  const looks = await recentLooks(app, group);
  if (!looks.some((look) => look.startedAt > since)) await lookAtGroup(app, group);
}
