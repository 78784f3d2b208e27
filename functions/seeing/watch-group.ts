import type { GroupState } from "../../shared/domain/facts.ts";
import { assumedPrimary, type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { Sample } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { forgetInstances, type Watch } from "../../shared/domain/watch.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import { looksIn, OCCASIONS, type OwnView } from "../../shared/ledger/own-view.ts";
import {
  forgetFutureLooks,
  keepRoleChange,
  keepWatch,
  recall,
  withLook,
} from "../../shared/ledger/watches.ts";
import { SQL_ROWS } from "../../shared/policy/evidence/classify-sql.ts";
import { compareFitness } from "../../shared/policy/evidence/compare-fitness.ts";
import { tallyLook } from "../../shared/policy/evidence/pace.ts";
import { noteWork } from "../../shared/policy/evidence/primary-work.ts";
import { isFollowed } from "../../shared/policy/evidence/protection.ts";
import { isBad } from "../../shared/policy/evidence/suspicion.ts";
import type { App } from "../app.ts";
import { IN_HAND_MS, inWhoseHand } from "./in-hand.ts";
import { look, secondaryOf } from "./look.ts";
import { lookFurther } from "./look-further.ts";
import { primaryBy, readGroup, readGroupAt } from "./read-roles.ts";

const ROLES_MS = 60_000;
/** A primary that refuses writes as read-only may have become the secondary. */
const READ_ONLY: readonly string[] = SQL_ROWS.filter(({ means }) => means === "refused-write").map(
  ({ code }) => code,
);
/** Once a look has failed, roles are read at every tick: a primary that moved is no outage. */
const ROLES_IN_DOUBT_MS = 10_000;
const FITNESS_MS = 10 * 60_000;
/** In peace what was not told is asked for again so often: a region may be dark for hours. */
const UNTOLD_MS = 60_000;
/** What follows is seen again so often. */
const FOLLOWED_MS = 10 * 60_000;
const SAMPLES_KEPT_MS = 10 * 60_000;
/** A minute and a half of ticks: an incident keeps what it found at its first round. */
const SAMPLES_KEPT = 6;

/** What a tick has seen of a group, remembered or not. */
export interface Watched {
  readonly watch: Watch;
  readonly primary: Side;
  /** The looks of this site that are kept, this one last. */
  readonly looks: readonly Observation[];
}

/** One tick's look at a group from this site: roles now and then, a look, a sample. One row is written. */
export async function watchGroup(
  app: App,
  ledger: GroupLedger,
  view: OwnView,
  noting: Promise<Partial<Pick<Watch, "motor">>> = Promise.resolve({}),
): Promise<Watched> {
  const { clock } = app.ports;
  const { group } = ledger;
  const startedAt = clock.now();
  const { roles, bySecondary } = await refreshRoles(app, ledger, view);
  const primary = assumedPrimary(roles.primary);
  const hand = inWhoseHand(view, startedAt);
  // Now and then for whoever has it in hand, with the roles; what others know stands meanwhile.
  const neverCompared = view.watch.fitnessReadAt === null;
  const asksInstances = hand === null || neverCompared || (hand === "ours" && bySecondary !== null);
  const asksPrimary = hand !== "another's" || view.watch.followedAt === null;
  const [seen, samples, instances, further, followed] = await Promise.all([
    look(app, group, primary),
    takeSamples(app, group, primary),
    asksInstances ? refreshInstances(app, group, primary, view) : {},
    lookFurther(app, group, primary, view),
    asksPrimary
      ? seeFollowed(app, group, view.watch, { primary, bySecondary, readAt: roles.rolesReadAt })
      : {},
    ...OCCASIONS.map((occasion) => forgetFutureLooks(view, occasion, startedAt)),
  ]);
  const noted = await noting;
  const oldest = clock.now() - SAMPLES_KEPT_MS;
  recall(view, seen);
  const watch = await keepWatch(view, (before) => {
    // The roles moved while we looked: what was seen is of an instance that is primary no more.
    if (before.primary !== view.watch.primary) return before;
    const known = view.primary === roles.primary ? before : forgetInstances(before);
    return {
      ...known,
      ...noted,
      ...roles,
      ...instances,
      ...further,
      ...followed,
      looks: withLook(before.looks, seen),
      tallies: tallyLook(known.tallies, seen, group.policy),
      samples: newestOfEach([...before.samples, ...samples], oldest),
    };
  });
  const looks = looksIn({ ...view, watch }, clock.now(), [seen]);
  return { watch, primary: assumedPrimary(watch.primary), looks };
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

type Roles = Pick<Watch, "primary" | "rolesReadAt"> & Partial<Pick<Watch, "replication">>;

interface SeenRoles {
  readonly roles: Roles;
  /** What the secondary's region says; null where it was not asked this time. */
  readonly bySecondary: GroupState | null;
}

async function refreshRoles(app: App, ledger: GroupLedger, view: OwnView): Promise<SeenRoles> {
  const { primary, expectedPrimary, watch, memory } = view;
  const now = app.ports.clock.now();
  const { rolesReadAt } = watch;
  const known: SeenRoles = { roles: { primary, rolesReadAt }, bySecondary: null };
  const last = looksIn(view, now).at(-1);
  const looksBad = last !== undefined && (isBad(last) || READ_ONLY.includes(last.code));
  const inHand = inWhoseHand(view, now) !== null;
  // A motor asks the secondary's region alone: that the primary says it is none, only this tick may hear.
  const inDoubt = looksBad && (!inHand || READ_ONLY.includes(last.code));
  const goodForMs = inDoubt ? ROLES_IN_DOUBT_MS : inHand ? IN_HAND_MS : ROLES_MS;
  if (isYoung(rolesReadAt, now, goodForMs)) return known;
  if (primary !== null && !inDoubt && isYoung(memory.rolesTriedAt, now, UNTOLD_MS)) return known;
  const state = await readGroup(app, ledger.group, expectedPrimary);
  const seen =
    primaryBy(state, expectedPrimary) ??
    (inDoubt ? await primaryByDenial(app, ledger.group, expectedPrimary) : null);
  memory.rolesTriedAt = seen === null ? now : null;
  if (seen === null) return known;
  const moved = primary !== null && seen !== primary;
  if (view.roleChange.kind === "none" || (moved && !view.rows.silent)) {
    const kept = await keepRoleChange(view, { primary: seen, at: moved ? now : null });
    // A change that is not written down is to be seen once more at the next tick.
    if (moved && !kept) return known;
  }
  const roles = { primary: seen, rolesReadAt: now, replication: replicationBy(state) };
  return { roles, bySecondary: state };
}

function isYoung(at: number | null, now: number, ms: number): boolean {
  return at !== null && now >= at && now - at < ms;
}

/**
 * Does the primary say as well that it is followed? Asked with the roles until it has, and then now and then: somebody
 * may fail over and back between two readings. Beside the look, since its region may be dark.
 */
async function seeFollowed(
  app: App,
  group: Group,
  { followedAt }: Watch,
  asked: Pick<SeenRoles, "bySecondary"> & {
    readonly primary: Side;
    readonly readAt: number | null;
  },
): Promise<Partial<Pick<Watch, "followedAt">>> {
  const { primary, bySecondary, readAt } = asked;
  const sinceMs = (readAt ?? 0) - (followedAt ?? Number.NEGATIVE_INFINITY);
  if (bySecondary === null || (sinceMs >= 0 && sinceMs < FOLLOWED_MS)) return {};
  const byPrimary = await readGroupAt(app, group, primary);
  return isFollowed({ byPrimary, bySecondary }) ? { followedAt: readAt } : {};
}

/** The word of a side that is primary itself is not that of the secondary. */
function replicationBy(state: GroupState): Watch["replication"] {
  if (state.kind === "unknown" || state.targetRole !== "secondary") return null;
  return state.replication;
}

/** Who is primary where the one that is taken for it says that it is not, and the other's region does not answer. */
async function primaryByDenial(app: App, group: Group, expected: Side): Promise<Side | null> {
  const state = await readGroupAt(app, group, expected);
  return state.kind === "read" && state.targetRole === "secondary" ? otherSide(expected) : null;
}

async function takeSamples(app: App, group: Group, primary: Side): Promise<Sample[]> {
  const timeoutMs = group.policy.probeTimeoutMs;
  // The instant before asking: a sample that looks older than it is bounds the loss from above.
  const measuredAt = app.ports.clock.now();
  const reading = await app.ports.sql.replication({ fqdn: group[primary].fqdn, timeoutMs });
  if (reading.kind === "unknown") return [];
  return reading.rows.map((row) => ({ ...row, measuredAt }));
}

async function refreshInstances(
  app: App,
  group: Group,
  primary: Side,
  { watch, memory }: OwnView,
): Promise<Partial<Watch>> {
  const { clock, instances } = app.ports;
  const now = clock.now();
  if (isYoung(watch.fitnessReadAt, now, FITNESS_MS)) return {};
  if (isYoung(memory.instancesTriedAt, now, UNTOLD_MS)) return {};
  const [first, second, operation] = await Promise.all([
    instances.read(group[primary]),
    instances.read(secondaryOf(group, primary)),
    instances.runningOperation(group[primary]),
  ]);
  const state = first.kind === "read" ? first.state.kind : "unknown";
  const primaryWork = noteWork(watch.primaryWork, { state, operation }, now);
  const isWhole = first.kind === "read" && second.kind === "read";
  memory.instancesTriedAt = isWhole ? null : now;
  // Half an answer proves nothing: what was known before stands.
  if (!isWhole) return { primaryWork };
  return { primaryWork, fitness: compareFitness(first, second), fitnessReadAt: now };
}
