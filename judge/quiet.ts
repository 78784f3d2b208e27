import type { JudgedWorld } from "./judged-world.ts";

/** After this long without a change, nothing that could open an incident is still under way. */
const SETTLED_MS = 180_000;
/** Before the next change the sites have looked, and know the roles and the key path, again. */
const AWAKE_BEFORE_MS = 120_000;
/** Where looks will be slow, it counts how many of the half hour before were: that half hour is lived through. */
const PACED_BEFORE_MS = 31 * 60_000;
/** It takes a longer peace than this to be worth a stop. */
const WORTH_MS = 600_000;

/**
 * Until when nothing can happen: no incident is open, and every signal stays what it is. A product
 * that only looks at peace changes nothing, so that such a stretch need not be lived through. Null
 * when this is no such time.
 */
export function quietUntil(world: JudgedWorld, busy: boolean): number | null {
  const { incidentFile, roles, timeline } = world;
  const now = world.now();
  if (busy || now < 0 || roles.primary(now) !== "A") return null;
  const instants = incidentFile.signals.map(({ atMs }) => atMs);
  if (instants.some((atMs) => atMs <= now && atMs > now - SETTLED_MS)) return null;
  if (isRemembered(timeline, now)) return null;
  const next = instants.find((atMs) => atMs > now);
  const awakeMs = tracksOfLooks(timeline).some(isEverSlow) ? PACED_BEFORE_MS : AWAKE_BEFORE_MS;
  const until = next === undefined ? incidentFile.durationMs : next - awakeMs;
  return until - now >= WORTH_MS ? until : null;
}

/** Some look fails by chance, and the next one may; or looks are slow, and how many were is remembered. */
function isRemembered(timeline: JudgedWorld["timeline"], now: number): boolean {
  return tracksOfLooks(timeline).some((track) => ["flaky", "slow"].includes(track.at(now).kind));
}

function tracksOfLooks(timeline: JudgedWorld["timeline"]) {
  return [
    timeline["tds_primary@A"],
    timeline["tds_primary@B"],
    timeline["tds_primary@C"],
    timeline["write_canary@A"],
  ];
}

function isEverSlow({ steps }: ReturnType<typeof tracksOfLooks>[number]): boolean {
  return steps.some(({ value }) => value.kind === "slow");
}
