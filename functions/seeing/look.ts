import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { changeWatch, readWatch } from "../../shared/ledger/watches.ts";
import { judgeLook } from "../../shared/policy/evidence/judge-look.ts";
import type { App } from "../app.ts";

/** Looks kept per group: enough for two minutes of an open incident. */
const LOOKS_KEPT = 20;

/** Time beyond the probe timeout after which a look must have been paused in the middle. */
const STOOD_STILL_MS = 5_000;

/** One look of this site at the group's primary. Reads the world, remembers nothing. */
export async function look(app: App, group: Group, primary: Side): Promise<Observation> {
  const { clock, sql, references } = app.ports;
  const timeoutMs = group.policy.probeTimeoutMs;
  const target = group[primary];
  const { reference, name: vantage, region } = app.config.self;
  const startedAt = clock.now();
  const [raw, ours, theirs] = await Promise.all([
    sql.look({ fqdn: target.fqdn, timeoutMs }, group.canary?.database ?? null),
    reach(references, reference, timeoutMs),
    reach(references, target.regionReference, timeoutMs),
  ]);
  const endedAt = clock.now();
  const judged = judgeLook(raw, {
    referenceReached: ours === "unknown" ? "not-configured" : ours,
    ...(group.canary === null ? {} : { canaryDatabase: group.canary.database }),
    stoodStill: endedAt < startedAt || endedAt - startedAt > timeoutMs + STOOD_STILL_MS,
  });
  return {
    vantage,
    region,
    target: primary,
    ...judged,
    regionReference: theirs,
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
  };
}

/** One look of this site, remembered for the other sites and for the next tick. */
export async function lookAtGroup(app: App, group: Group): Promise<Observation> {
  const { primary } = await readWatch(app.stores.own, group.name);
  const seen = await look(app, group, primary ?? "home");
  await changeWatch(app.stores.own, group.name, (watch) => remember(watch, seen));
  return seen;
}

/**
 * Adds a look to what is remembered; the same look twice is one look. Looks of the future were timed
 * by a clock that has been set back since: nobody can tell their age, so they are forgotten.
 */
export function remember<W extends { looks: Observation[] }>(watch: W, seen: Observation): W {
  const others = watch.looks.filter((known) => known.startedAt < seen.startedAt);
  return { ...watch, looks: [...others, seen].slice(-LOOKS_KEPT) };
}

/** What this site has seen itself lately. A look that ends after now, by this clock, is left out. */
export async function recentLooks(app: App, group: Group): Promise<readonly Observation[]> {
  const now = app.ports.clock.now();
  const { looks } = await readWatch(app.stores.own, group.name);
  return looks.filter((seen) => seen.endedAt <= now);
}

/** The secondary by current role. */
export function secondaryOf(group: Group, primary: Side): Group["home"] {
  return group[otherSide(primary)];
}

async function reach(
  references: App["ports"]["references"],
  target: string | null,
  timeoutMs: number,
): Promise<Observation["regionReference"]> {
  return target === null ? "unknown" : references.reach(target, timeoutMs);
}
