import type { Group } from "../../shared/domain/group.ts";
import {
  LOOKS_TOLD_MAX,
  TOLD_MS,
  type TravellingReport,
  travelling,
} from "../../shared/domain/travelling.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { heartbeatIn } from "../../shared/ledger/heartbeats.ts";
import { readLiveWithin } from "../../shared/ledger/live-rows.ts";
import { looksIn } from "../../shared/ledger/own-view.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { App } from "../app.ts";
import { lookUnlessYoung } from "./look.ts";
import { seeSecondary } from "./probe-secondary.ts";

/** Whoever asks waits little longer than a look takes: what is remembered must come at once, or not at all. */
const LOOK_ANYWAY_MS = 1_000;

/** The pace of half an hour, and of the outage since: a site that was blind for a day has older ones. */
const PACE_TOLD_MS = 2 * 60 * 60_000;

/** What this site tells the others of a group: its looks of the last minutes, one of them young, and the secondary. */
export async function reportForPeers(app: App, group: Group): Promise<TravellingReport> {
  const ledger = app.stores.of(group);
  const [view, own] = await Promise.all([
    readOwn(ledger, LOOK_ANYWAY_MS),
    readLiveWithin(app.stores.own, LOOK_ANYWAY_MS),
  ]);
  const [secondary, made] = await Promise.all([
    seeSecondary(app, group, view.expectedPrimary),
    lookUnlessYoung(app, ledger, view),
  ]);
  const now = app.ports.clock.now();
  const beat = valueOrNull(heartbeatIn(own));
  return {
    version: 1,
    site: app.config.self.name,
    looks: looksIn(view, now, made)
      .filter((look) => now - look.endedAt < TOLD_MS)
      .slice(-LOOKS_TOLD_MAX)
      .map((look) => travelling(look, now)),
    tallies: view.watch.tallies
      .map(({ at, ...counted }) => ({ ...counted, ageMs: Math.max(0, now - at) }))
      .filter(({ ageMs }) => ageMs < PACE_TOLD_MS),
    secondary,
    lastTickAgeMs: beat === null ? null : Math.max(0, now - beat.at),
  };
}
