import type { Group, Side } from "../../shared/domain/group.ts";
import type { Sample } from "../../shared/domain/loss.ts";
import { forgetSecondary, type Watch } from "../../shared/domain/watch.ts";
import { changeWatch, readWatch } from "../../shared/ledger/watches.ts";
import { SQL_ROWS } from "../../shared/policy/evidence/classify-sql.ts";
import { compareFitness } from "../../shared/policy/evidence/compare-fitness.ts";
import { isBad } from "../../shared/policy/evidence/suspicion.ts";
import type { App } from "../app.ts";
import { look, remember, secondaryOf } from "./look.ts";
import { primaryBy, readGroup } from "./read-roles.ts";

const ROLES_MS = 60_000;
/** A primary that refuses writes as read-only may have become the secondary. */
const READ_ONLY: readonly string[] = SQL_ROWS.filter(({ means }) => means === "refused-write").map(
  ({ code }) => code,
);
/** Once a look has failed, roles are read at every tick: a primary that moved is no outage. */
const ROLES_IN_DOUBT_MS = 10_000;
const FITNESS_MS = 10 * 60_000;
const SAMPLES_KEPT_MS = 10 * 60_000;
/** A minute and a half of ticks: an incident keeps what it found at its first round. */
const SAMPLES_KEPT = 6;

/** One tick's look at a group from this site: roles now and then, a look, a sample. One row is written. */
export async function watchGroup(app: App, group: Group): Promise<Watch> {
  const { clock } = app.ports;
  const before = await readWatch(app.stores.own, group.name);
  const roles = await refreshRoles(app, group, before);
  const primary = roles.primary ?? "home";
  const [seen, samples, fitness] = await Promise.all([
    look(app, group, primary),
    takeSamples(app, group, primary),
    refreshFitness(app, group, primary, before),
  ]);
  const oldest = clock.now() - SAMPLES_KEPT_MS;
  return changeWatch(app.stores.own, group.name, (watch) => {
    // The roles moved while we looked: what was seen is of an instance that is primary no more.
    if (watch.primary !== before.primary) return watch;
    return {
      ...remember(watch.primary === roles.primary ? watch : forgetSecondary(watch), seen),
      ...roles,
      ...fitness,
      samples: newestOfEach([...watch.samples, ...samples], oldest),
    };
  });
}

/** A few samples of each database: a group may have hundreds, and a row holds only so much. */
function newestOfEach(samples: readonly Sample[], oldest: number): Sample[] {
  const kept = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (sample.measuredAt <= oldest) continue;
    const earlier = kept.get(sample.database) ?? [];
    kept.set(sample.database, [...earlier, sample].slice(-SAMPLES_KEPT));
  }
  return [...kept.values()].flat();
}

type Roles = Pick<Watch, "primary" | "rolesReadAt" | "lastRoleChangeAt">;

async function refreshRoles(app: App, group: Group, watch: Watch): Promise<Roles> {
  const { primary, rolesReadAt, lastRoleChangeAt } = watch;
  const now = app.ports.clock.now();
  const known = { primary, rolesReadAt, lastRoleChangeAt };
  const last = watch.looks.at(-1);
  const inDoubt = last !== undefined && (isBad(last) || READ_ONLY.includes(last.code));
  const goodForMs = inDoubt ? ROLES_IN_DOUBT_MS : ROLES_MS;
  if (rolesReadAt !== null && now - rolesReadAt < goodForMs && now >= rolesReadAt) return known;
  const expected = primary ?? "home";
  const seen = primaryBy(await readGroup(app, group, expected), expected);
  if (seen === null) return known;
  const moved = primary !== null && seen !== primary;
  return {
    primary: seen,
    rolesReadAt: now,
    lastRoleChangeAt: moved ? now : lastRoleChangeAt,
  };
}

async function takeSamples(app: App, group: Group, primary: Side): Promise<Sample[]> {
  const timeoutMs = group.policy.probeTimeoutMs;
  // The instant before asking: a sample that looks older than it is bounds the loss from above.
  const measuredAt = app.ports.clock.now();
  const reading = await app.ports.sql.replication({ fqdn: group[primary].fqdn, timeoutMs });
  if (reading.kind === "unknown") return [];
  return reading.rows.map((row) => ({ ...row, measuredAt }));
}

async function refreshFitness(
  app: App,
  group: Group,
  primary: Side,
  watch: Watch,
): Promise<Partial<Watch>> {
  const { clock, instances } = app.ports;
  const now = clock.now();
  if (watch.fitnessReadAt !== null && now - watch.fitnessReadAt < FITNESS_MS) return {};
  const [first, second] = await Promise.all([
    instances.read(group[primary]),
    instances.read(secondaryOf(group, primary)),
  ]);
  // Half an answer proves nothing: what was known before stands.
  if (first.kind !== "read" || second.kind !== "read") return {};
  return { fitness: compareFitness(first, second), fitnessReadAt: now };
}
