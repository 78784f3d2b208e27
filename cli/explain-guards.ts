import type { GuardFinding } from "../shared/domain/decision.ts";
import type { GuardId } from "../shared/domain/guard.ts";
import type { Actor } from "../shared/domain/person.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { guardSays } from "../shared/policy/sentences.ts";
import { alignColumns } from "./align-columns.ts";
import { sayReason, sayValues } from "./say-reason.ts";

const TICK: Readonly<Record<GuardFinding["state"], string>> = {
  open: "✓",
  closed: "✗",
  lifted: "~",
};

/** What is closed, in words, with its numbers, who could lift it or has, and its id; what is open is only counted. */
export function explainClosed(receipt: DecisionReceipt): readonly string[] {
  const { guards } = receipt.decision;
  const shown = guards.filter(({ state }) => state !== "open");
  const all = shown.length === 0 ? "nothing: all" : `the other ${guards.length - shown.length} of`;
  const lines = shown.flatMap((finding) => [
    `${guardSays(finding.guard)} (${finding.guard})`,
    `  ${[...valuesOf(finding), whoLifts(receipt, finding)].join("; ")}`,
  ]);
  return [...lines, `${all} ${guards.length} guards are open`];
}

function valuesOf({ because }: GuardFinding): readonly string[] {
  return because === null ? [] : sayValues(because);
}

function whoLifts(receipt: DecisionReceipt, { guard, state, strength }: GuardFinding): string {
  if (state === "lifted") return `lifted by ${liftedBy(receipt, guard)}`;
  return strength === "absolute" ? "nobody can lift it" : "a person may accept it";
}

/** Every guard that was checked: open, closed and why, or lifted and by whom. */
export function explainGuards(receipt: DecisionReceipt): readonly string[] {
  const rows = receipt.decision.guards.map((finding) => [
    `${TICK[finding.state]} ${finding.guard}`,
    finding.strength,
    remark(receipt, finding),
  ]);
  return [...alignColumns(rows), "✓ open, ✗ closed, ~ closed and lifted"];
}

function remark(receipt: DecisionReceipt, { guard, state, because }: GuardFinding): string {
  if (because === null) return "";
  const why = sayReason(because);
  return state === "lifted" ? `${why}; lifted by ${liftedBy(receipt, guard)}` : why;
}

/** Whoever named this guard in what the receipt holds. */
function liftedBy({ facts, purpose }: DecisionReceipt, guard: GuardId): string {
  const { call, approvals, overrides } = facts;
  const calls = call !== null && call.purpose === purpose && call.accepts.includes(guard);
  const approved = approvals.filter((one) => one.purpose === purpose && one.guards.includes(guard));
  const overridden = overrides.filter((one) => one.guard === guard);
  const words = [
    ...(calls ? [`the call of ${sayActor(call.actor)}`] : []),
    ...approved.map(({ actor }) => `the approval of ${sayActor(actor)}`),
    ...overridden.map(({ actor }) => `the override of ${sayActor(actor)}`),
  ];
  return [...new Set(words)].join(", ") || "nobody that the receipt names";
}

/** A name, and whether more than the name was shown. */
export function sayActor({ name, proof }: Actor): string {
  return `${name} (${proof})`;
}
