import type { LookAndDecideOutput, Work } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Ask } from "../../shared/domain/person.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { stampedId } from "../../shared/ledger/added-ids.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import { changeFailback, failbackIn } from "../../shared/ledger/failbacks.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { ownView } from "../../shared/ledger/own-view.ts";
import { ASK, asksIn, callIn, settleAsk } from "../../shared/ledger/people.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { wasSent } from "../../shared/ledger/sent.ts";
import { gistOf } from "../../shared/policy/evidence/gist-of.ts";
import { nextLookAfterMs } from "../../shared/policy/evidence/next-look.ts";
import { onThisClock } from "../../shared/policy/evidence/on-own-clock.ts";
import { type Question, questionOf } from "../../shared/policy/evidence/question.ts";
import { settleIncident } from "../../shared/policy/evidence/settle-incident.ts";
import { keyOfAsk, sortAsks } from "../../shared/policy/evidence/sort-asks.ts";
import type { App } from "../app.ts";
import { lookAndJudge } from "../deciding/decide-now.ts";
import { writeReceipt } from "../deciding/write-receipt.ts";
import { failbackKey, type Grip, hold } from "../keeping/motor.ts";
import { eventId } from "../telling/send-once.ts";

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
    const decided = await lookAndJudge(app, { ...asked, workId: work.incidentId });
    const { facts, decision } = decided;

    const decisionId = stampedId(`${work.incidentId}-${work.motor}`, facts.now);
    const acts = decision.verdict === "fail-over" && facts.now >= (claim?.retryNotBefore ?? 0);
    const written = { decided, decisionId, acts };
    const changed = await writeDown(app, work, { ...held, incident }, written);
    if (changed === "superseded") return { kind: "superseded" };
    return {
      kind: "decided",
      decisionId,
      verdict: decision.verdict,
      rule: decision.rule,
      diagnosis: decision.diagnosis,
      because: decision.because,
      action:
        decision.verdict === "fail-over" && decision.kind !== null
          ? { kind: decision.kind, expectedPrimary: held.expectedPrimary, target: held.target }
          : null,
      settled: changed.settled,
      announce: await announcement(held, work, facts, decision, changed.news),
      next: {
        afterMs: nextLookAfterMs(decision, group.policy, facts.now - now),
        waitingFor: decision.waitingFor,
        graceLeftMs: decision.graceLeftMs,
      },
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
  /** The decision is another one than last time. */
  readonly news: boolean;
}

async function writeDown(
  app: App,
  work: Work,
  held: Grip,
  written: ToWrite,
): Promise<WrittenDown | "superseded"> {
  const { book, incident, group } = held;
  if (incident === null) return writeDownFailback(app, work, held, written);
  const { decided, decisionId, acts } = written;
  const { facts, decision } = decided;
  const news = incident.decision === null || gistOf(incident.decision) !== gistOf(decision);
  const due = facts.now - (incident.receiptAt ?? 0) >= RECEIPT_MS;
  const receipt = news || due || acts;
  if (receipt) await writeReceipt(app, book, group, decided, decisionId);

  const settlement = settleIncident(incident, facts, decision, group.policy);
  const save = (row: Incident): Incident => ({
    ...row,
    heartbeatAt: app.ports.clock.now(),
    outage: facts.outage,
    countedUntilAt: facts.now,
    samples: facts.samples,
    secondaryCommits: facts.secondaryCommits,
    loss: facts.loss,
    carriedLoss: incident.carriedLoss,
    plannedEndedAt: incident.plannedEndedAt,
    decision,
    decisionId,
    decidedAt: facts.now,
    receiptAt: receipt ? facts.now : row.receiptAt,
    receiptId: receipt ? decisionId : row.receiptId,
    calmSinceAt: settlement.calmSinceAt,
    // A call that came in the middle of this round is the next one's.
    call: row.call?.id === incident.call?.id ? facts.call : row.call,
    phases: {
      ...row.phases,
      onsetAt: facts.outage.onsetAt ?? row.phases.onsetAt,
      decidedAt: decision.verdict === "fail-over" ? facts.now : row.phases.decidedAt,
    },
  });
  const saved = await changeIncident(book, work, save, held.known);
  return saved === null ? "superseded" : { settled: settlement.end, news };
}

/** On the way home nothing is open for hours: only a decision that is news has its receipt. */
async function writeDownFailback(
  app: App,
  work: Work,
  held: Grip,
  { decided, decisionId, acts }: ToWrite,
): Promise<WrittenDown | "superseded"> {
  const gist = gistOf(decided.decision);
  const news = held.gist !== gist;
  const receipt = news || acts;
  if (receipt) await writeReceipt(app, held.book, held.group, decided, decisionId);
  const heartbeatAt = app.ports.clock.now();
  const saved = await changeFailback(
    held.book,
    failbackKey(work),
    (row) => {
      if (row.motor !== work.motor) return null;
      return { ...row, heartbeatAt, ...(receipt ? { decisionId, gist } : {}) };
    },
    failbackIn(held.rows, "partner"),
  );
  return saved === null ? "superseded" : { settled: null, news };
}

/**
 * A claim that may still take effect, whoever took it, or one of this work whose effect is not yet
 * proven and written down. Nothing is decided before it is settled.
 */
function isToFollow(claim: Claim, work: Work): boolean {
  const unproven = claim.spentBecause === "moved" && claim.incidentId === work.incidentId;
  return claim.state !== "spent" || unproven;
}

async function announcement(
  held: Grip,
  work: Work,
  facts: Facts,
  decision: Decision,
  news: boolean,
): Promise<Output["announce"]> {
  const question = decision.verdict === "ask" ? questionOf(decision, facts.loss) : null;
  const live = await tidyAsks(held, work, question, facts);
  const urgent = decision.diagnosis === "key-denied";
  const instant = facts.now.toString(36);
  if (question === null) {
    return news ? { type: "notice", key: `${decision.rule}~${instant}`, urgent } : null;
  }
  if (live === null) return { type: "ask", key: `${instant}~${question.digest}`, urgent };
  // An ask that nobody has heard of is no ask: it is told again, under its own key.
  const id = eventId(work.incidentId, "ask", keyOfAsk(live));
  const heard = await wasSent(held.book, { id, aboutAt: held.sinceAt });
  return heard !== "not-sent" ? null : { type: "ask", key: keyOfAsk(live), urgent };
}

async function tidyAsks(
  held: Grip,
  work: Work,
  question: Question | null,
  { now, approvals }: Facts,
): Promise<Ask | null> {
  const { book, rows } = held;
  const asks = asksIn(rows);
  const { incidentId } = work;
  const approvedBefore = approvals.map(({ askId }) => askId);
  const { withdraw, live } = sortAsks(asks, { incidentId, question, now, approvedBefore });
  for (const { id } of withdraw) await settleAsk(book, id, "withdrawn", rows.one(ASK, id));
  return live;
}
