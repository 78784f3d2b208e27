import type { LookAndDecideOutput, Work } from "../../orchestrations/contracts.ts";
import { type Claim, retriesTooSoon } from "../../shared/domain/claim.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { stampedId } from "../../shared/ledger/added-ids.ts";
import { bookDoubt, claimIn } from "../../shared/ledger/claims.ts";
import { changeFailback, failbackIn } from "../../shared/ledger/failbacks.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { ownView } from "../../shared/ledger/own-view.ts";
import { callIn } from "../../shared/ledger/people.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { ignoreNotWritten } from "../../shared/ledger/rows.ts";
import { doubtIn, isUnsettled, moverOf } from "../../shared/policy/evidence/follow-claim.ts";
import { gistOf } from "../../shared/policy/evidence/gist-of.ts";
import { hearDecision } from "../../shared/policy/evidence/hear-decision.ts";
import { nextLookAfterMs } from "../../shared/policy/evidence/next-look.ts";
import { onThisClock } from "../../shared/policy/evidence/on-own-clock.ts";
import { settleIncident } from "../../shared/policy/evidence/settle-incident.ts";
import { whoSees } from "../../shared/policy/evidence/who-sees.ts";
import type { App } from "../app.ts";
import { lookAndJudge } from "../deciding/decide-now.ts";
import { writeReceipt } from "../deciding/write-receipt.ts";
import { failbackKey, type Grip, hold } from "../keeping/motor.ts";
import { readGroup } from "../seeing/read-roles.ts";
import { announce } from "../telling/announce.ts";

/** A lookout that finds nothing new writes a receipt this often all the same. */
const RECEIPT_MS = 60 * 60_000;
/** A look does not wait longer for what this site remembers. */
const LOOK_ANYWAY_MS = 1_000;

type Output = Extract<LookAndDecideOutput, { kind: "decided" }>;

/**
 * Asks all vantages, puts the facts to the rules, writes down what changed, and says what to do.
 * Safe to run twice: a second run is one more look.
 */
export function createLookAndDecide(app: App) {
  return async (work: Work): Promise<LookAndDecideOutput> => {
    const held = await hold(app, work);
    if (held === null) return { kind: "superseded" };
    const claim = valueOrNull(claimIn(held.rows));
    if (claim !== null && isToFollow(claim, work)) return { kind: "follow", epoch: claim.epoch };
    const now = app.ports.clock.now();
    const incident = onThisClock(held.incident, now);
    const { group, ledger, rows } = held;
    const call =
      incident === null
        ? callIn(rows, work.purpose, { now, sinceAt: held.sinceAt })
        : standing(incident, now);
    const view =
      rows.book === ledger.own
        ? ownView(rows, ledger.memory)
        : await readOwn(ledger, LOOK_ANYWAY_MS);
    const asked = { ledger, view, inHand: [rows], purpose: work.purpose, incident, call };
    const decided = await lookAndJudge(app, {
      ...asked,
      workId: work.incidentId,
      checksKey: true,
      sharesLook: false,
    });
    const { facts, decision } = decided;
    const by = claim === null ? null : await moverNow(app, held, claim, facts);
    if (claim !== null && by !== null) {
      await bookDoubt(held.book, claim.epoch, { by, at: facts.now });
      if (by === "us") return { kind: "follow", epoch: claim.epoch };
    }

    const decisionId = stampedId(`${work.incidentId}-${work.motor}`, facts.now);
    const acts =
      decision.verdict === "fail-over" && (claim === null || !retriesTooSoon(claim, facts.now));
    const written = { decided, decisionId, acts };
    const changed = await writeDown(app, work, { ...held, incident }, written);
    if (changed === "superseded") return { kind: "superseded" };
    return {
      kind: "decided",
      decisionId,
      verdict: decision.verdict,
      rule: decision.rule,
      action:
        decision.verdict === "fail-over" && decision.kind !== null
          ? { kind: decision.kind, expectedPrimary: held.expectedPrimary, target: held.target }
          : null,
      settled: changed.settled,
      announce: await announce(held, work, decided, {
        due: changed.due,
        isOver: changed.settled !== null,
      }),
      nextLookAfterMs: nextLookAfterMs(decision, group.policy, facts.now - now),
    };
  };
}

function standing(incident: Incident, now: number): Incident["call"] {
  return incident.call !== null && incident.call.expiresAt > now ? incident.call : null;
}

interface ToWrite {
  readonly decided: Decided;
  readonly decisionId: string;
  /** A claim needs the receipt of its decision; while a refusal is waited out none can be taken. */
  readonly acts: boolean;
}

interface WrittenDown {
  readonly settled: Output["settled"];
  /** People are to hear of the decision. */
  readonly due: boolean;
}

/** Writes down a decision where its work is kept; with a receipt when it is news, or when it acts. */
async function writeDown(
  app: App,
  work: Work,
  held: Grip,
  { decided, decisionId, acts }: ToWrite,
): Promise<WrittenDown | "superseded"> {
  const { book, incident, group } = held;
  const { facts, decision } = decided;
  const gist = gistOf(decision);
  const news = gist !== gistBefore(held);
  const { heard, due } = hearDecision(held.heard, decision, facts.now);
  // On the way home nothing is open for hours: a receipt of what has not changed tells nobody anything.
  const stale = incident !== null && facts.now - (incident.receiptAt ?? 0) >= RECEIPT_MS;
  const receipt = news || stale || acts;
  const written = receipt ? writeReceipt(app, held, decided, decisionId) : Promise.resolve();
  // What acts waits for no second write. Its receipt, should it be lost, comes with the next decision, and
  // no claim rests on it before; people are told now: by then the decision is no news.
  const writing = acts ? written.catch(ignoreNotWritten) : written;
  if (!acts) await writing;
  const heartbeatAt = app.ports.clock.now();

  if (incident === null) {
    const change = (row: Failback): Failback | null =>
      row.motor === work.motor
        ? { ...row, heartbeatAt, heard, ...(receipt ? { decisionId, gist } : {}) }
        : null;
    const known = failbackIn(held.rows, "partner");
    const saving = changeFailback(book, failbackKey(work), change, known);
    const [saved] = await Promise.all([saving, writing]);
    return saved === null ? "superseded" : { settled: null, due };
  }
  const endedAt = valueOrNull(held.known)?.plannedEndedAt ?? null;
  const settlement = settleIncident(incident, facts, decision, group.policy);
  const save = (row: Incident): Incident => ({
    ...row,
    ...lookedAt(row, incident, decided),
    seen: whoSees(facts, group.policy),
    // Whoever has sent it may have written down its end in the middle of this round.
    plannedEndedAt: row.plannedEndedAt === endedAt ? incident.plannedEndedAt : row.plannedEndedAt,
    heartbeatAt,
    heard,
    decisionId,
    receiptAt: receipt ? facts.now : row.receiptAt,
    receiptId: receipt ? decisionId : row.receiptId,
    isConfirmed: settlement.isConfirmed,
    calmSinceAt: settlement.calmSinceAt,
  });
  const [saved] = await Promise.all([changeIncident(book, work, save, held.known), writing]);
  return saved === null ? "superseded" : { settled: settlement.end, due };
}

function gistBefore({ incident, gist }: Grip): string | null {
  if (incident === null) return gist;
  return incident.decision === null ? null : gistOf(incident.decision);
}

/** What one look changes of an incident's row, whatever becomes of the decision. */
function lookedAt(row: Incident, seen: Incident, { facts, decision }: Decided): Partial<Incident> {
  return {
    outage: facts.outage,
    countedUntilAt: facts.now,
    samples: facts.samples,
    secondaryCommits: facts.secondaryCommits,
    loss: facts.loss,
    // What was bounded of one outage says nothing of the next.
    carriedLoss: facts.outage.onsetAt === seen.outage.onsetAt ? seen.carriedLoss : null,
    decision,
    decidedAt: facts.now,
    throttled: facts.throttled,
    // A call that came in the middle of this round is the next one's.
    call: row.call?.id === seen.call?.id ? facts.call : row.call,
    phases: {
      ...row.phases,
      onsetAt: facts.outage.onsetAt ?? row.phases.onsetAt,
      decidedAt: decision.verdict === "fail-over" ? facts.now : row.phases.decidedAt,
    },
  };
}

/** On the way home the watch may know of the move first: then the facts are of the side that was left. */
async function moverNow(
  app: App,
  { group, expectedPrimary }: Grip,
  claim: Claim,
  facts: Facts,
): Promise<ReturnType<typeof moverOf>> {
  if (doubtIn(claim, facts.now) === null) return null;
  return moverOf(claim, { ...facts, groupState: await readGroup(app, group, expectedPrimary) });
}

/**
 * A claim that may still take effect, whoever took it, or one of this work whose effect is not yet
 * proven and written down. Nothing is decided before it is settled.
 */
function isToFollow(claim: Claim, work: Work): boolean {
  const unproven = claim.spentBecause === "moved" && claim.incidentId === work.incidentId;
  return isUnsettled(claim) || unproven;
}
