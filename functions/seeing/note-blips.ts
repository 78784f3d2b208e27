import { isTrouble } from "../../shared/domain/blips.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { blipsIn, keepBlips } from "../../shared/ledger/blips.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";

const HOUR_MS = 60 * 60_000;

/** Looks of one trouble that are counted together: the row need not be written at every one of them. */
const COUNTED_TOGETHER = 8;

/** Counts this site's looks for the advice about settings. In peace one row is written an hour. */
export async function noteBlips(
  { policy }: Group,
  rows: LiveRows,
  looks: readonly Observation[],
): Promise<boolean> {
  const countedAt = valueOrNull(blipsIn(rows))?.countedAt ?? 0;
  const news = looks.filter(({ startedAt }) => startedAt > countedAt);
  const worth = isFirstOfHour(looks) || isWorthCounting(news, policy.probeTimeoutMs);
  return !worth || keepBlips(rows, looks);
}

function isFirstOfHour(looks: readonly Observation[]): boolean {
  const [last, newest] = [looks.at(-2), looks.at(-1)];
  if (newest === undefined) return false;
  return (
    last === undefined ||
    Math.floor(last.endedAt / HOUR_MS) !== Math.floor(newest.endedAt / HOUR_MS)
  );
}

/** Trouble or slowness that is over, or of which there is enough. */
function isWorthCounting(news: readonly Observation[], timeoutMs: number): boolean {
  const newest = news.at(-1);
  if (newest === undefined || !news.some((look) => isTrouble(look) || isSlow(look, timeoutMs))) {
    return false;
  }
  return !isTrouble(newest) || news.length >= COUNTED_TOGETHER;
}

function isSlow({ latencyMs }: Observation, timeoutMs: number): boolean {
  return latencyMs !== null && 4 * latencyMs >= timeoutMs;
}
