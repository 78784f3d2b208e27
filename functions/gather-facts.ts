import type { Claim } from "../shared/domain/claim.ts";
import type { Facts, OperationState } from "../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../shared/domain/group.ts";
import type { Incident } from "../shared/domain/incident.ts";
import type { SecondaryCommit } from "../shared/domain/loss.ts";
import { NO_OUTAGE } from "../shared/domain/outage.ts";
import type { PersonCall } from "../shared/domain/person.ts";
import type { Watch } from "../shared/domain/watch.ts";
import { readWatch } from "../shared/ledger/watches.ts";
import { firstFailedLook } from "../shared/policy/first-failed.ts";
import { judgeSecondary } from "../shared/policy/judge-secondary.ts";
import type { App } from "./app.ts";
import { askVantages } from "./ask-vantages.ts";
import { checkKey, keyPathNow } from "./key-check.ts";
import { readLedger } from "./read-ledger.ts";
import { readGroup } from "./read-roles.ts";
import { readWorld } from "./read-world.ts";

export interface Asked {
  readonly group: Group;
  readonly purpose: "fail-over" | "fail-back";
  /** The incident or failback that asks and approvals speak of; null while there is none. */
  readonly workId: string | null;
  readonly incident: Incident | null;
  readonly call: PersonCall | null;
}

/**
 * Everything a decision may depend on, gathered side by side under one deadline. What did not
 * answer is unknown. `loss` and `outage` are as the incident last had them: `lookAndJudge` brings
 * them up to date.
 */
export async function gatherFacts(app: App, asked: Asked): Promise<Facts> {
  const { group, incident } = asked;
  const before = await readWatch(app.stores.own, group.name);
  const primary = incident?.expectedPrimary ?? before.primary ?? "home";
  const [{ looks, secondary }, groupState, ledger, world] = await Promise.all([
    askVantages(app, group, primary),
    readGroup(app, group, primary),
    readLedger(app, group, primary, asked.workId, before.lastRoleChangeAt),
    readWorld(app, group, primary, incident?.outage.onsetAt ?? null),
    checkKey(app, group, primary, incident),
  ]);
  const now = app.ports.clock.now();
  const watch = await readWatch(app.stores.own, group.name);
  const failedAt = firstFailedLook({ looks: [...looks], primary, now }, group.policy);
  const earlier = incident?.secondaryCommits ?? [];
  return {
    version: 1,
    group: group.name,
    incidentId: asked.workId ?? "none",
    now,
    site: app.config.self.name,
    primary: before.primary === null && groupState.kind === "unknown" ? null : primary,
    primaryRegion: group[primary].region,
    movedByOtherAt: movedByOther(groupState, ledger.claim, primary, now),
    looks: [...looks],
    outage: incident?.outage ?? NO_OUTAGE,
    groupState,
    operation: operationOf(world.operation, groupState, ledger.claim),
    secondary: {
      sql: judgeSecondary([world.secondarySql, ...secondary]),
      state: world.secondaryState,
      fitness: watch.fitness,
    },
    keyPath: keyPathNow(watch, group, now),
    inaccessible: world.inaccessible,
    samples: [...samplesFor(incident, watch)],
    secondaryCommits: [...world.secondaryCommits],
    loss: incident?.loss ?? { kind: "unknown", because: "not-measured", database: null },
    secondaryAdvances: advances(readSince(earlier, failedAt), world.secondaryCommits),
    application: world.application,
    capacityAtTarget: world.capacityAtTarget,
    activity: [...world.activity],
    lastRoleChangeAt: watch.lastRoleChangeAt,
    claim: claimState(ledger.claim, now),
    attempt: attemptOf(incident, ledger.claim, now),
    pause: [...ledger.pauses],
    pauseReadable: ledger.pauseReadable,
    approvals: [...ledger.approvals],
    overrides: [...ledger.overrides],
    call: asked.call,
    tokenGoodForMs: world.tokenGoodForMs,
    advice: [...world.advice],
  };
}

/** From the onset on, samples stay as they were: what a dying link says of itself is worth nothing. */
function samplesFor(incident: Incident | null, watch: Watch): Watch["samples"] {
  const kept = incident !== null && incident.outage.onsetAt !== null ? incident.samples : [];
  return kept.length > 0 ? kept : watch.samples;
}

function movedByOther(
  state: Facts["groupState"],
  claim: Claim | null | "unknown",
  primary: Side,
  now: number,
): number | null {
  if (state.kind === "unknown" || state.targetRole !== "primary") return null;
  const ours = claim !== null && claim !== "unknown" && claim.target === otherSide(primary);
  const mayBeOurs = ours && (claim.state === "sent" || claim.spentBecause === "moved");
  return mayBeOurs ? null : now;
}

function operationOf(
  read: OperationState,
  state: Facts["groupState"],
  claim: Claim | null | "unknown",
): OperationState {
  const ours = claim !== null && claim !== "unknown" && claim.state === "sent";
  const seen = state.kind === "read" && /failover/i.test(state.replicationState);
  if (seen || (read.kind === "running" && read.failover)) {
    const name = read.kind === "running" ? read.name : "failover";
    return { kind: "running", name, failover: true, by: ours ? "us" : "other" };
  }
  return read;
}

/** Commits read before the first failed look are of a primary that still served. */
function readSince(rows: readonly SecondaryCommit[], failedAt: number | null): SecondaryCommit[] {
  return rows.filter(({ measuredAt }) => failedAt !== null && measuredAt >= failedAt);
}

/** Do commits still arrive at the secondary? Compared with the last look, both read after the first failed one. */
function advances(
  before: readonly SecondaryCommit[],
  after: readonly SecondaryCommit[],
): Facts["secondaryAdvances"] {
  const marks = new Map(before.map((row) => [row.database, row.lastCommitMark]));
  let compared = false;
  for (const { database, lastCommitMark } of after) {
    const earlier = marks.get(database);
    if (earlier === undefined || earlier === null || lastCommitMark === null) continue;
    if (lastCommitMark > earlier) return "yes";
    compared = true;
  }
  return compared ? "no" : "unknown";
}

function claimState(claim: Claim | null | "unknown", now: number): Facts["claim"] {
  if (claim === "unknown") return { kind: "unknown", because: "claim-store-unreadable" };
  if (claim === null) return { kind: "none" };
  if (claim.state === "spent") return { kind: "spent", epoch: claim.epoch };
  return {
    kind: "open",
    state: claim.state,
    epoch: claim.epoch,
    failover: claim.kind,
    sinceMs: Math.max(0, now - claim.takenAt),
  };
}

function attemptOf(
  incident: Incident | null,
  claim: Claim | null | "unknown",
  now: number,
): Facts["attempt"] {
  if (incident === null) return { kind: "none" };
  if (claim !== null && claim !== "unknown" && claim.kind === "planned" && claim.state === "sent") {
    return { kind: "running", sinceMs: Math.max(0, now - (claim.sentAt ?? claim.takenAt)) };
  }
  if (incident.plannedEndedAt === null) return { kind: "none" };
  const code = incident.plannedEndedCode ?? "unknown";
  return {
    kind: "ended-in-error",
    code,
    timedOutForDatabase: code === "PlannedFailoverTimedOutForDatabase",
    endedAt: incident.plannedEndedAt,
  };
}
