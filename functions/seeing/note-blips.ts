import { isTrouble } from "../../shared/domain/blips.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Watch } from "../../shared/domain/watch.ts";
import { keepBlips } from "../../shared/ledger/blips.ts";
import type { App } from "../app.ts";

const HOUR_MS = 60 * 60_000;

/** Counts this site's looks for the advice about settings. In peace one row is written an hour. */
export async function noteBlips(app: App, group: Group, { looks }: Watch): Promise<void> {
  if (!isWorthCounting(looks, group.policy.probeTimeoutMs)) return;
  await keepBlips(app.stores.own, group.name, looks);
}

/** Any trouble or slowness among the looks at hand, or the first look of an hour. */
function isWorthCounting(looks: readonly Observation[], timeoutMs: number): boolean {
  const [last, newest] = [looks.at(-2), looks.at(-1)];
  if (newest === undefined) return false;
  const firstOfHour =
    last === undefined ||
    Math.floor(last.endedAt / HOUR_MS) !== Math.floor(newest.endedAt / HOUR_MS);
  return firstOfHour || looks.some((look) => isTrouble(look) || isSlow(look, timeoutMs));
}

function isSlow({ latencyMs }: Observation, timeoutMs: number): boolean {
  return latencyMs !== null && 4 * latencyMs >= timeoutMs;
}
