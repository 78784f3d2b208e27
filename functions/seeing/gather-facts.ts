import type { Facts } from "../../shared/domain/facts.ts";
import { otherSide, type Side } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { NOT_MEASURED } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import type { PersonCall } from "../../shared/domain/person.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Purpose } from "../../shared/domain/purpose.ts";
import type { Pace } from "../../shared/domain/tally.ts";
import type { KeyProof } from "../../shared/domain/watch.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import {
  keyProofIn,
  lastRoleChangeIn,
  looksIn,
  type OwnView,
  ownView,
} from "../../shared/ledger/own-view.ts";
import { approvalsIn } from "../../shared/ledger/people.ts";
import { firstFailedLook } from "../../shared/policy/evidence/first-failed.ts";
import { judgeSecondary } from "../../shared/policy/evidence/judge-secondary.ts";
import { keyPathNow } from "../../shared/policy/evidence/key-proof.ts";
import { mayAct } from "../../shared/policy/evidence/may-act.ts";
import { noteWork } from "../../shared/policy/evidence/primary-work.ts";
import {
  advances,
  attemptOf,
  claimState,
  movedByOther,
  operationOf,
  readSince,
  samplesFor,
  undoRefusedAt,
} from "../../shared/policy/evidence/read-facts.ts";
import type { App } from "../app.ts";
import { advanceKeyCheck } from "./advance-key-check.ts";
import { hearVantages, type SeenByVantages } from "./hear-vantages.ts";
import { readAzure, type ToldByAzure } from "./read-azure.ts";
import { readBoth, readLedger, readTargetAgain, type StoreRows } from "./read-ledger.ts";
import { readWorld, type WorldReading } from "./read-world.ts";

export interface Subject {
  readonly ledger: GroupLedger;
  /** What this site remembers, as read in this round. */
  readonly view: OwnView;
  /** Rows of the group that were read in this round: they are not read again. */
  readonly inHand: readonly LiveRows[];
  readonly purpose: Purpose;
  /** A round of the motor moves the check of the key on. Who only wants to know starts nothing. */
  readonly checksKey: boolean;
  /** Who only reads takes a look that others have asked for, or just made. */
  readonly sharesLook: boolean;
  /** The incident or failback that asks and approvals speak of; null while there is none. */
  readonly workId: string | null;
  readonly incident: Incident | null;
  readonly call: PersonCall | null;
}

/** The facts, and the rows that they were taken from. */
export interface Gathered {
  readonly facts: Facts;
  readonly stores: readonly StoreRows[];
  /** Of each vantage that was heard. */
  readonly paces: readonly Pace[];
  /** The same, once all that may close a guard was asked for since the round began; null where it was. */
  readonly askAgain: (() => Promise<Gathered>) | null;
}

/**
 * Everything a decision may depend on, gathered side by side. What did not answer is unknown. `loss`
 * and `outage` are as the incident last had them: `lookAndJudge` brings them up to date.
 */
export async function gatherFacts(app: App, asked: Subject): Promise<Gathered> {
  const { ledger, view, incident } = asked;
  const { group } = ledger;
  const { clock } = app.ports;
  const primary = incident?.expectedPrimary ?? view.expectedPrimary;
  const beganAt = clock.now();
  const sinceMs = logSpan(group.policy, incident?.outage.onsetAt ?? null, beganAt);
  const askAzure = { app, ledger, primary, sinceMs, hurried: false };
  const reading = readBoth(app.stores, ledger, primary, [...asked.inHand, view.rows]);
  const checking = asked.checksKey
    ? reading.then(([target]) =>
        advanceKeyCheck(app, ledger, view, {
          primary,
          incident,
          claim: target === undefined ? { kind: "none" } : claimIn(target.group),
        }),
      )
    : keyProofIn(view, otherSide(primary));
  const [heard, read, world, proof, told] = await Promise.all([
    hearVantages(app, asked, primary),
    reading,
    readWorld(app, group, primary),
    checking,
    readAzure({ ...askAzure, freshFrom: foresees(asked, beganAt) ? beganAt : -Infinity }),
  ]);
  const seen = { primary, heard, world, proof, stores: await readTargetAgain(read) };
  const gathered = putTogether(app, asked, seen, told);
  if ((told.askedSinceAt ?? -Infinity) >= beganAt) return gathered;
  const askAgain = async (): Promise<Gathered> =>
    putTogether(
      app,
      asked,
      seen,
      await readAzure({ ...askAzure, freshFrom: beganAt, hurried: true }),
    );
  return { ...gathered, askAgain };
}

/** Is what this round sees likely to be acted on, at once or by a person? */
function foresees({ incident, sharesLook, checksKey, ...asked }: Subject, now: number): boolean {
  if (sharesLook || !checksKey) return !sharesLook;
  const approvals = asked.inHand.flatMap((rows) => approvalsIn(rows, asked.workId ?? "", now));
  const look = looksIn(asked.view, now).at(-1) ?? null;
  return incident !== null && mayAct(incident, { approvals, look }, now);
}

interface Seen {
  readonly primary: Side;
  readonly heard: SeenByVantages;
  readonly world: WorldReading;
  readonly proof: KeyProof;
  readonly stores: readonly StoreRows[];
}

function putTogether(app: App, asked: Subject, seen: Seen, azure: ToldByAzure): Gathered {
  const { ledger, view, incident } = asked;
  const { group } = ledger;
  const { primary, stores, proof } = seen;
  const { paces, secondary, unheard } = seen.heard;
  const { groupState } = azure;
  const now = app.ports.clock.now();
  const lastRoleChange = lastRoleChangeIn(view);
  const ledgerSays = readLedger(app, stores, { workId: asked.workId, roles: lastRoleChange });
  const looks = withNewer(seen.heard.looks, ownLooks(ledger, stores, now));
  const failedAt = firstFailedLook({ looks: [...looks], primary, now }, group.policy);
  const earlier = incident?.secondaryCommits ?? [];
  const { askedAt, secondarySql, ...world } = seen.world;
  const { operation, secondaryState, primaryNow, primaryAskedAt, ...told } = azure;
  const facts: Facts = {
    ...world,
    ...told,
    version: 1,
    group: group.name,
    incidentId: asked.workId,
    now,
    site: app.config.self.name,
    primary: view.primary === null && groupState.kind === "unknown" ? null : primary,
    primaryRegion: group[primary].region,
    movedByOtherAt: movedByOther(groupState, ledgerSays.claim, primary, now),
    looks: [...looks],
    unheard: [...unheard],
    outage: incident?.outage ?? NO_OUTAGE,
    operation: operationOf(operation, groupState, ledgerSays.claim),
    primaryWork: noteWork(view.watch.primaryWork, primaryNow, primaryAskedAt),
    secondary: {
      sql: judgeSecondary([secondarySql, ...secondary]),
      state: secondaryState,
      fitness: view.watch.fitness,
    },
    keyPath: keyPathNow(proof, group.policy, now),
    samples: [...samplesFor(incident, view.watch)],
    canaryDatabase: group.canary?.database ?? null,
    loss: incident?.loss ?? NOT_MEASURED,
    secondaryAdvances: advances(readSince(earlier, failedAt), world.secondaryCommits),
    application: grownOlder(world.application, now - askedAt),
    lastRoleChange,
    followedAt: view.watch.followedAt,
    claim: claimState(ledgerSays.claim, now),
    attempt: attemptOf(incident, ledgerSays.claim, now),
    undoRefusedAt: undoRefusedAt(ledgerSays.claim),
    pause: [...ledgerSays.pauses],
    pauseReadable: ledgerSays.pauseReadable,
    approvals: [...ledgerSays.approvals],
    deniedAt: ledgerSays.deniedAt,
    overrides: [...ledgerSays.overrides],
    call: asked.call,
  };
  return { facts, stores, paces, askAgain: null };
}

/** What our tick has seen while this round went on, where the rows that were read last have it. */
function ownLooks(ledger: GroupLedger, stores: readonly StoreRows[], now: number): Observation[] {
  const own = stores.find(({ group }) => group.book === ledger.own && !group.silent);
  return own === undefined ? [] : looksIn(ownView(own.group, ledger.memory), now);
}

function withNewer(
  looks: readonly Observation[],
  more: readonly Observation[],
): readonly Observation[] {
  const isKnown = (one: Observation): boolean =>
    looks.some((each) => each.vantage === one.vantage && each.startedAt >= one.startedAt);
  return [...looks, ...more.filter((one) => !isKnown(one))];
}

/** The log is read at least so far back: an unended failover counts this long. */
const LOG_MS = 30 * 60_000;
/** A change that may have been the cause is this much older than the onset, at most. */
const CAUSE_MS = 15 * 60_000;

function logSpan({ cooldownMs }: Policy, onsetAt: number | null, now: number): number {
  return Math.max(LOG_MS, cooldownMs, onsetAt === null ? 0 : now - onsetAt + CAUSE_MS);
}

/** As old as it is when it is judged, so that a window from before the onset does not seem to have begun after it. */
function grownOlder(application: Facts["application"], byMs: number): Facts["application"] {
  if (application.kind !== "ratio") return application;
  return { ...application, ageMs: application.ageMs + Math.max(0, byMs) };
}
