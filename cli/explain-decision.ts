import { sayDecision } from "../functions/telling/say-event.ts";
import type { Decision, Reason } from "../shared/domain/decision.ts";
import { otherSide } from "../shared/domain/group.ts";
import { reasonRow } from "../shared/domain/reason-codes.ts";
import type { DecisionReceipt, Homeward } from "../shared/domain/receipt.ts";
import { judgeObservations } from "../shared/policy/evidence/judge-observations.ts";
import { diagnosisSays } from "../shared/policy/sentences.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { wrapLines } from "../shared/text/wrap-lines.ts";
import { alignColumns } from "./align-columns.ts";
import { explainContrary } from "./explain-contrary.ts";
import { explainCountdown, explainFacts } from "./explain-facts.ts";
import { explainClosed, explainGuards } from "./explain-guards.ts";
import { explainLoss } from "./explain-loss.ts";
import { explainOutages } from "./explain-outages.ts";
import { explainSights, explainVotes } from "./explain-votes.ts";
import { sayReason } from "./say-reason.ts";
import { whatIf } from "./what-if.ts";

export interface Explaining {
  /** With what is in order, every look in numbers, and advice. */
  readonly all: boolean;
}

type Section = readonly [title: string, lines: readonly string[]];

/**
 * A decision for a person: what was asked, what comes of it, what is in the way and what would change it. Ids come last.
 * Sections that have nothing to say are left out.
 */
export function explainDecision(receipt: DecisionReceipt, { all }: Explaining): string {
  const judgement = judgeObservations(receipt.facts, receipt.policy);
  const outward = receipt.purpose === "fail-over";
  const sections: readonly Section[] = [
    ["", opening(receipt)],
    ["Seen", explainSights(receipt, judgement)],
    outward
      ? ["Since when", [...explainCountdown(receipt), ...explainOutages(receipt)]]
      : ["The way home", homewardLines(receipt.homeward, receipt)],
    ["In the way", explainClosed(receipt)],
    ["Loss, if it is forced", outward ? explainLoss(receipt) : []],
    ["Speaks against it", explainContrary(receipt, judgement)],
    ["What would change it", whatIfLines(receipt)],
    ["Next", [nextStep(receipt)]],
    ...(all ? everything(receipt, judgement) : []),
    ["Ids", ids(receipt)],
  ];
  const said = sections.filter(([, lines]) => lines.length > 0);
  return `${said.map(section).join("\n")}\n`;
}

function everything(
  receipt: DecisionReceipt,
  judgement: ReturnType<typeof judgeObservations>,
): readonly Section[] {
  return [
    ["Votes", explainVotes(receipt, judgement)],
    ["Guards", explainGuards(receipt)],
    ["Also known", explainFacts(receipt)],
    ["Because", receipt.decision.because.map(sayReason)],
    ["Waits for", waitLines(receipt.decision)],
  ];
}

function section([title, lines]: Section): string {
  return title === ""
    ? `${lines.join("\n")}\n`
    : `${title}\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n`;
}

function opening(receipt: DecisionReceipt): readonly string[] {
  const { decision, purpose } = receipt;
  const kind = decision.kind === null ? "" : ` It is ${decision.kind}.`;
  const answer = [
    `Answer: ${sayDecision(decision, purpose)}.${kind}`,
    `What is wrong: ${diagnosisSays(decision.diagnosis)}.`,
  ];
  // The question stays one line.
  return [question(receipt), wrapLines(answer)];
}

function question({ facts, sides, purpose }: DecisionReceipt): string {
  const { primary, primaryRegion } = facts;
  const act = purpose === "fail-over" ? "fail over" : "go home";
  if (primary === null) return `Primary: not known. Question: ${act}?`;
  const target = sides?.[otherSide(primary)];
  const name = sides === null ? "" : `${sides[primary].name}, `;
  const to =
    target === undefined ? `the ${otherSide(primary)} side` : `${target.name}, ${target.region}`;
  const where = `${name}${primaryRegion ?? "an unknown region"} (${primary})`;
  return `Primary: ${where}. Question: ${act} to ${to}?`;
}

function homewardLines(homeward: Homeward, receipt: DecisionReceipt): readonly string[] {
  const { facts, policy } = receipt;
  const { healthySinceAt, windowOpen, windowOpensAt, lagSeconds } = homeward;
  const healthy =
    healthySinceAt === null ? "no" : `for ${sayMs(Math.max(0, facts.now - healthySinceAt))}`;
  const opens = windowOpensAt === null ? "" : `; opens ${sayInstant(windowOpensAt)}`;
  return alignColumns([
    ["healthy and protected", `${healthy}; it must be for ${sayMs(policy.failback.soakMs)}`],
    ["window", `${windowOpen ? "open" : "closed"}${opens}`],
    ["lag", lagSeconds === null ? "unknown" : `${lagSeconds} s`],
  ]);
}

/** What it waits for, with what that means and what to do. */
export function waitLines({ waitingFor }: Decision): readonly string[] {
  if (waitingFor.length === 0) return ["nothing"];
  return waitingFor.flatMap((reason) => [sayReason(reason), ...advice(reason)]);
}

function advice({ code }: Reason): readonly string[] {
  const row = reasonRow(code);
  return row === null ? [] : [`  ${row.means}`, `  → ${row.next}`];
}

function whatIfLines(receipt: DecisionReceipt): readonly string[] {
  const found = whatIf(receipt);
  if (found.length === 0) return ["no single change that is tried here"];
  return found.flatMap(({ says, decision }) => [
    `if ${says}:`,
    `  ${sayDecision(decision, receipt.purpose)} (${decision.rule})`,
  ]);
}

function nextStep({ decision, policy }: DecisionReceipt): string {
  const again = `looks again every ${sayMs(policy.intervalMs)}`;
  switch (decision.verdict) {
    case "hold":
      return again;
    case "ask":
      return `asks a person, and again after 15 min, 1 h, 6 h and then daily; ${again}`;
    case "fail-over":
      return "takes the claim, sends one request, follows the roles, verifies";
    case "stand-down":
      return decision.rule === "failover-by-other"
        ? `${again}; if it ends without moving the roles, this site goes on as before`
        : again;
    default:
      return decision.verdict satisfies never;
  }
}

function ids(receipt: DecisionReceipt): readonly string[] {
  const { facts, decision, product, policyDigest, id, writtenAt, policy } = receipt;
  return [
    `rule ${decision.rule}, diagnosis ${decision.diagnosis}, mode ${policy.mode}`,
    `group ${facts.group}, incident ${facts.incidentId ?? "none"}`,
    `decided by site ${facts.site}, ${sayInstant(writtenAt)}`,
    `receipt ${id}, ${product}, policy ${policyDigest.slice(0, 12)}`,
  ];
}
