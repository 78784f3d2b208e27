import type { Decision, GuardFinding, Reason } from "../shared/domain/decision.ts";
import type { Policy } from "../shared/domain/policy.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { decide, decideHome, type Judged } from "../shared/policy/decide.ts";

/** One part of a decision that comes out otherwise. */
export interface Difference {
  readonly part: string;
  readonly was: string;
  readonly now: string;
}

export interface Replay {
  readonly judged: Judged;
  readonly differences: readonly Difference[];
}

/** One receipt made again, or why it was not. */
export type Replayed =
  | {
      readonly kind: "replayed";
      readonly from: string;
      readonly receipt: DecisionReceipt;
      readonly replay: Replay;
      /** Under another policy than its own. */
      readonly under: string | null;
    }
  | { readonly kind: "no-decision" | "refused"; readonly from: string; readonly because: string };

/** Makes the decision of a receipt again, under its own policy or another one, and compares. */
export function replayDecision(receipt: DecisionReceipt, policy: Policy = receipt.policy): Replay {
  const judged = decideAgain(receipt, policy);
  return { judged, differences: compare(receipt.decision, judged.decision) };
}

function decideAgain(receipt: DecisionReceipt, policy: Policy): Judged {
  const { facts } = receipt;
  switch (receipt.purpose) {
    case "fail-over":
      return decide(facts, policy);
    case "fail-back":
      return decideHome({ version: 1, base: facts, ...receipt.homeward }, policy);
    default:
      return receipt satisfies never;
  }
}

/** What differs, the verdict first. A guard that one of the two does not know stands open there. */
function compare(was: Decision, now: Decision): readonly Difference[] {
  const parts: readonly (readonly [part: string, of: (decision: Decision) => string])[] = [
    ["verdict", (d) => (d.kind === null ? d.verdict : `${d.verdict}, ${d.kind}`)],
    ["rule", (d) => d.rule],
    ["diagnosis", (d) => d.diagnosis],
    ...[...new Set([...was.guards, ...now.guards].map(({ guard }) => guard))].map(
      (guard) =>
        [
          `guard ${guard}`,
          (d: Decision) => showGuard(d.guards.find((g) => g.guard === guard)),
        ] as const,
    ),
    ["because", (d) => showReasons(d.because)],
    ["waiting for", (d) => showReasons(d.waitingFor)],
    ["grace left", (d) => (d.graceLeftMs === null ? "none runs" : `${d.graceLeftMs} ms`)],
  ];
  return parts
    .map(([part, of]) => ({ part, was: of(was), now: of(now) }))
    .filter((difference) => difference.was !== difference.now);
}

function showGuard(finding: GuardFinding | undefined): string {
  if (finding === undefined || finding.state === "open") return "open";
  const because = finding.because === null ? "" : `: ${showReasons([finding.because])}`;
  return `${finding.state}${because}`;
}

/** In a fixed order of names, so that the same reason is the same text. */
function showReasons(reasons: readonly Reason[]): string {
  return reasons.length === 0 ? "nothing" : reasons.map(showReason).join("; ");
}

function showReason({ code, values }: Reason): string {
  const named = Object.keys(values)
    .sort()
    .map((name) => `${name}=${values[name] ?? "unknown"}`);
  return [code, ...named].join(" ");
}
