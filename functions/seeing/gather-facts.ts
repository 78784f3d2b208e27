import type { Facts } from "../../shared/domain/facts.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { NOT_MEASURED } from "../../shared/domain/loss.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import type { PersonCall } from "../../shared/domain/person.ts";
import type { Purpose } from "../../shared/domain/purpose.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import { firstFailedLook } from "../../shared/policy/evidence/first-failed.ts";
import { judgeSecondary } from "../../shared/policy/evidence/judge-secondary.ts";
import { keyPathNow } from "../../shared/policy/evidence/key-proof.ts";
import {
  advances,
  attemptOf,
  claimState,
  movedByOther,
  operationOf,
  readSince,
  samplesFor,
} from "../../shared/policy/evidence/read-facts.ts";
import type { App } from "../app.ts";
import { advanceKeyCheck } from "./advance-key-check.ts";
import { hearVantages } from "./hear-vantages.ts";
import { readLedger } from "./read-ledger.ts";
import { readGroup } from "./read-roles.ts";
import { readWorld } from "./read-world.ts";

export interface Subject {
  readonly group: Group;
  readonly purpose: Purpose;
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
export async function gatherFacts(app: App, asked: Subject): Promise<Facts> {
  const { group, incident } = asked;
  const before = await readWatch(app.stores.own, group.name);
  const primary = incident?.expectedPrimary ?? before.primary ?? "home";
  const [{ looks, secondary }, groupState, ledger, world] = await Promise.all([
    hearVantages(app, group, primary),
    readGroup(app, group, primary),
    readLedger(app, group, primary, asked.workId, before.lastRoleChangeAt),
    readWorld(app, group, primary, incident?.outage.onsetAt ?? null),
    advanceKeyCheck(app, group, primary, incident),
  ]);
  const now = app.ports.clock.now();
  const watch = await readWatch(app.stores.own, group.name);
  const failedAt = firstFailedLook({ looks: [...looks], primary, now }, group.policy);
  const earlier = incident?.secondaryCommits ?? [];
  return {
    version: 1,
    group: group.name,
    incidentId: asked.workId,
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
    keyPath: keyPathNow(watch, group.policy, now),
    inaccessible: world.inaccessible,
    samples: [...samplesFor(incident, watch)],
    secondaryCommits: [...world.secondaryCommits],
    loss: incident?.loss ?? NOT_MEASURED,
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
