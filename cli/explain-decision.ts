import type { Decision, Reason } from "../shared/domain/decision.ts";
import { reasonRow } from "../shared/domain/reason-codes.ts";
import type { DecisionReceipt, Homeward } from "../shared/domain/receipt.ts";
import { judgeObservations } from "../shared/policy/evidence/judge-observations.ts";
import { diagnosisSays, ruleSays } from "../shared/policy/sentences.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { alignColumns } from "./align-columns.ts";
import { explainCountdown, explainFacts } from "./explain-facts.ts";
import { explainGuards } from "./explain-guards.ts";
import { explainVotes } from "./explain-votes.ts";
import { sayReason } from "./say-reason.ts";
import { whatIf } from "./what-if.ts";

export interface Explaining {
  /** Without what is in order and without advice. */
  readonly brief: boolean;
}

/** A decision for a person: what, on what grounds, and what would change it. */
export function explainDecision(receipt: DecisionReceipt, { brief }: Explaining): string {
  const judgement = judgeObservations(receipt.facts, receipt.policy);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["", headline(receipt)],
    ["Decision", decisionLines(receipt)],
    ["Votes", explainVotes(receipt, judgement)],
    ...(receipt.purpose === "fail-back"
      ? [["The way home", homewardLines(receipt.homeward, receipt)] as const]
      : [["Countdown", explainCountdown(receipt)] as const]),
    ["Guards", explainGuards(receipt, { brief })],
    ...(brief
      ? []
      : [
          ["Also known", explainFacts(receipt)] as const,
          ["Waits for", waitLines(receipt.decision)] as const,
        ]),
    ["What would change it", whatIfLines(receipt)],
    ["Next", [nextStep(receipt)]],
  ];
  return `${sections.map(section).join("\n")}\n`;
}

function section([title, lines]: readonly [string, readonly string[]]): string {
  return title === ""
    ? `${lines.join("\n")}\n`
    : `${title}\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n`;
}

function headline({ facts, purpose, product, policyDigest, id, ...rest }: DecisionReceipt) {
  const about = purpose === "fail-over" ? "failing over" : "going home";
  const from =
    facts.primary === null
      ? "the primary is not known"
      : `the primary is ${facts.primary} in ${facts.primaryRegion ?? "an unknown region"}`;
  return [
    `${facts.group}: ${gist(rest.decision)}`,
    `about ${about}; ${from}; incident ${facts.incidentId ?? "none"}`,
    `decided by site ${facts.site}, ${sayInstant(rest.writtenAt)}`,
    `receipt ${id}, ${product}, policy ${policyDigest.slice(0, 12)}, mode ${rest.policy.mode}`,
  ];
}

/** Verdict and rule in a few words. */
export function gist({ verdict, kind, rule }: Decision): string {
  return `${verdict}${kind === null ? "" : `, ${kind}`} (${rule})`;
}

function decisionLines({ decision, purpose }: DecisionReceipt): readonly string[] {
  const { verdict, kind, rule, diagnosis, because } = decision;
  return alignColumns([
    ["verdict", kind === null ? verdict : `${verdict}, ${kind}`],
    ["rule", `${rule}: ${ruleSays(rule, purpose)}`],
    ["diagnosis", `${diagnosis}: ${diagnosisSays(diagnosis)}`],
    ...because.map((reason, i) => [i === 0 ? "because" : "", sayReason(reason)]),
  ]);
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
  return alignColumns(found.map(({ says, decision }) => [`if ${says}:`, gist(decision)]));
}

function nextStep({ decision, policy }: DecisionReceipt): string {
  const again = `looks again every ${sayMs(policy.intervalMs)}`;
  switch (decision.verdict) {
    case "hold":
      return again;
    case "ask":
      return `asks a person, and again after ${sayMs(policy.approvalMs)} without an answer; ${again}`;
    case "fail-over":
      return "takes the claim, sends one request, follows the roles, verifies";
    case "stand-down":
      return `does nothing; ${again}, and closes when the roles have moved`;
    default:
      return decision.verdict satisfies never;
  }
}
