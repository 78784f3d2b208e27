import type * as z from "zod";
import type { postFailover as contract } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import {
  changeClaim,
  claimIn,
  readClaim,
  renewDoubt,
  sendClaim,
  spendClaim,
} from "../../shared/ledger/claims.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { type LiveRows, readLive, readLiveWithin } from "../../shared/ledger/live-rows.ts";
import { pausesIn } from "../../shared/ledger/pauses.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { mayBeOurDoubt } from "../../shared/policy/evidence/follow-claim.ts";
import type { ErrorClass, PostAnswer } from "../../shared/ports/failover-groups.ts";
import type { App } from "../app.ts";
import { type Grip, hold } from "../keeping/motor.ts";
import { noteAttemptEnded } from "../keeping/note-attempt.ts";
import { readEveryGroup } from "../seeing/read-ledger.ts";
import { readSideWhenLet, stateOfGroup } from "../seeing/read-roles.ts";
import { auditClaim } from "../telling/write-audit.ts";

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** How long to leave Azure alone after a POST that it did not answer. */
const UNANSWERED_MS = 10_000;
const FOR_A_PERSON_MS = 5 * 60_000;

/**
 * Sends the one POST of a claim. Looks at roles and pauses again first; the step to `sent` is written
 * before the POST leaves, so a second run of this activity, or a late one, sends nothing.
 */
export function createPostFailover(app: App) {
  return async (input: Input): Promise<Output> => {
    const held = await hold(app, input);
    if (held === null) return { kind: "superseded" };
    const { group, book } = held;

    const roles = await rolesInTheWay(app, held);
    // Read last: a pause that comes later spends the claim, and then there is no step to `sent`.
    const { rows, pause } = await lookForPause(app, held);
    const obstacle = roles ?? pause;
    if (obstacle !== null) return abandon(app, held, input.epoch, obstacle);
    const work = { epoch: input.epoch, holder: app.config.self.name };
    const claim = await sendClaim(book, work, app.ports.clock.now(), claimIn(rows));
    if (claim === null) {
      return abandon(app, held, input.epoch, await stateOf(held, input.epoch, work.holder));
    }

    // Side by side: each write that stands before the POST delays it.
    const [current] = await Promise.all([
      showAtWork(app, held),
      auditClaim(app, held, claim, { action: "post-sent" }),
    ]);
    const late = app.ports.clock.now() > claim.notAfter;
    if (late || !current) return callOff(app, held, claim, late ? "too-late" : "superseded");
    const answer = await app.ports.failoverGroups.failOver({
      group: group.name,
      from: group[otherSide(claim.target)],
      to: group[claim.target],
      kind: claim.kind,
    });
    return settleAnswer(app, held, claim, answer);
  };
}

/** A sign of life, with the instant of the POST. False where another motor has the incident. */
async function showAtWork(app: App, { incident, book, work, known }: Grip): Promise<boolean> {
  const heartbeatAt = app.ports.clock.now();
  const show = (row: Incident): Incident => ({
    ...row,
    heartbeatAt,
    phases: { ...row.phases, postedAt: heartbeatAt },
  });
  return incident === null || (await changeIncident(book, work, show, known)) !== null;
}

/** Something changed in the seconds since the decision: better no POST than one too many. */
async function rolesInTheWay(app: App, held: Grip): Promise<string | null> {
  const reading = await readSideWhenLet(app, held.group, otherSide(held.expectedPrimary));
  const state = stateOfGroup(reading);
  switch (state.kind) {
    case "unknown":
      return "roles-unknown";
    case "read":
      return state.targetRole === "secondary" ? null : "roles-moved";
    default:
      return state satisfies never;
  }
}

/** How long the other store is waited for: it may be of the region that is lost. */
const OTHER_MS = 500;

/** Whether a pause stands, by the store that has the claim, which must answer, and by the other if it does. */
async function lookForPause(
  { stores, ports }: App,
  { ledger, book, expectedPrimary }: Grip,
): Promise<{ readonly rows: LiveRows; readonly pause: string | null }> {
  const others = ledger.both(expectedPrimary).filter((each) => each !== book);
  const [rows, everyGroup, ...elsewhere] = await Promise.all([
    readLive(book),
    readEveryGroup(stores, book),
    ...others.flatMap((each) =>
      [each, stores.at(each.site) ?? stores.own].map((rows) => readLiveWithin(rows, OTHER_MS)),
    ),
  ]);
  const now = ports.clock.now();
  // A row that the other store has and nobody can read pauses as well: only its silence is none.
  const answered = elsewhere.filter(({ silent }) => !silent);
  const { standing, readable } = pausesIn([rows, everyGroup, ...answered], now);
  const pause = standing.length > 0 ? "paused" : readable ? null : "pause-unreadable";
  return { rows, pause };
}

async function stateOf(held: Grip, epoch: number, self: string): Promise<string> {
  const claim = valueOrNull(await readClaim(held.book));
  if (claim === null || claim.epoch !== epoch) return "claim-replaced";
  switch (claim.state) {
    case "intent":
      return claim.holder === self ? "too-late" : "claim-not-ours";
    case "sent":
    case "spent":
      return `claim-${claim.state}`;
    default:
      return claim.state satisfies never;
  }
}

async function abandon(app: App, held: Grip, epoch: number, because: string): Promise<Output> {
  const claim = valueOrNull(await readClaim(held.book));
  const ours = claim !== null && claim.epoch === epoch && claim.state === "intent";
  return ours ? callOff(app, held, claim, because) : { kind: "not-sent", because };
}

async function callOff(app: App, held: Grip, claim: Claim, because: string): Promise<Output> {
  await auditClaim(app, held, claim, { action: "post-not-sent", detail: { because } });
  const at = app.ports.clock.now();
  await spendClaim(held.book, claim.epoch, { because: "not-sent", at });
  return because === "too-late" ? { kind: "too-late" } : { kind: "not-sent", because };
}

async function settleAnswer(
  app: App,
  held: Grip,
  claim: Claim,
  answer: PostAnswer,
): Promise<Output> {
  const { book, work } = held;
  const now = app.ports.clock.now();
  switch (answer.kind) {
    case "accepted": {
      const { ticket, retryAfterMs } = answer;
      await changeClaim(book, claim.epoch, (row) => ({ ...row, acceptedAt: now, ticket }));
      await changeIncident(book, work, (row) => ({
        ...row,
        phases: { ...row.phases, acceptedAt: now },
      }));
      await auditClaim(app, held, claim, { action: "post-accepted" });
      return { kind: "sent", pollAfterMs: retryAfterMs };
    }
    case "unanswered":
      await auditClaim(app, held, claim, {
        action: "post-unanswered",
        detail: { because: answer.because },
      });
      return { kind: "sent", pollAfterMs: UNANSWERED_MS };
    case "refused": {
      const { code, errorClass, message } = answer;
      const retryAfterMs = Math.max(answer.retryAfterMs, patienceMs(errorClass));
      // Written down first: whoever finds the claim spent finds the rest done.
      await auditClaim(app, held, claim, { action: "post-refused", detail: { code, message } });
      if (answer.runs && mayBeOurDoubt(claim, now)) {
        await renewDoubt(book, claim.epoch);
        return { kind: "sent", pollAfterMs: UNANSWERED_MS };
      }
      if (errorClass === "escalate-by-policy") await noteAttemptEnded(held, claim, code, now);
      await spendClaim(book, claim.epoch, { because: "refused", at: now, code, retryAfterMs });
      return { kind: "refused", code };
    }
    default:
      return answer satisfies never;
  }
}

/** What only a person can mend is not asked of Azure again every few seconds. */
function patienceMs(errorClass: ErrorClass): number {
  return errorClass === "page-a-human" || errorClass === "bug" ? FOR_A_PERSON_MS : 0;
}
