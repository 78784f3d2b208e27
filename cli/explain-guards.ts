import type { GuardFinding } from "../shared/domain/decision.ts";
import type { GuardId } from "../shared/domain/guard.ts";
import type { Actor } from "../shared/domain/person.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { alignColumns } from "./align-columns.ts";
import { sayReason } from "./say-reason.ts";

const TICK: Readonly<Record<GuardFinding["state"], string>> = {
  open: "✓",
  closed: "✗",
  lifted: "~",
};

/** Every guard that was checked: open, closed and why, or lifted and by whom. In brief, open ones are only counted. */
export function explainGuards(
  receipt: DecisionReceipt,
  { brief }: { readonly brief: boolean },
): readonly string[] {
  const { guards } = receipt.decision;
  const shown = brief ? guards.filter(({ state }) => state !== "open") : guards;
  const rows = shown.map((finding) => [
    `${TICK[finding.state]} ${finding.guard}`,
    finding.strength,
    remark(receipt, finding),
  ]);
  const legend = brief
    ? `✓ ${guards.length - shown.length} of ${guards.length} open`
    : "✓ open, ✗ closed, ~ closed and lifted";
  return [...alignColumns(rows), legend];
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
