import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { failsBelowFloor, ratioOfLife } from "../shared/policy/evidence/application.ts";
import type { Judgement } from "../shared/policy/evidence/judge-observations.ts";
import { newestLook } from "./explain-votes.ts";

/** What speaks against the decision though it did not decide: the application, the region, a target nobody protects. */
export function explainContrary(receipt: DecisionReceipt, judgement: Judgement): readonly string[] {
  if (receipt.purpose === "fail-back") return [];
  const { verdict } = receipt.decision;
  return verdict === "ask" || verdict === "fail-over"
    ? againstActing(receipt, judgement)
    : againstWaiting(receipt, judgement);
}

function againstActing(receipt: DecisionReceipt, judgement: Judgement): readonly string[] {
  const { facts, policy, decision } = receipt;
  const ratio = ratioOfLife(facts, policy);
  const alive = referencesOf(receipt, judgement, "ok");
  const unprotected = decision.guards.some(
    ({ guard, state }) => guard === "unprotected" && state !== "open",
  );
  return [
    ...(ratio === null ? [] : [`${share(ratio.value)} of the application's requests succeed`]),
    ...(alive.length === 0 ? [] : [`something else in the primary's region answers ${alive}`]),
    ...(unprotected ? ["nobody has seen that the target is followed since the roles changed"] : []),
  ];
}

function againstWaiting(receipt: DecisionReceipt, judgement: Judgement): readonly string[] {
  const { facts, policy } = receipt;
  const { application } = facts;
  const dark = referencesOf(receipt, judgement, "failed");
  const fails = application.kind === "ratio" && failsBelowFloor(application, policy);
  return [
    ...(fails ? [`only ${share(application.value)} of the application's requests succeed`] : []),
    ...(dark.length === 0 ? [] : [`nothing else in the primary's region answers ${dark} either`]),
  ];
}

/** Sites outside the primary's region whose look of now says so of the region's own reference. */
function referencesOf(
  receipt: DecisionReceipt,
  { votes }: Judgement,
  reference: "ok" | "failed",
): string {
  const { primaryRegion } = receipt.facts;
  return votes
    .filter(({ region, result }) => region !== primaryRegion && result !== null)
    .filter(({ vantage }) => newestLook(receipt, vantage)?.regionReference === reference)
    .map(({ vantage }) => vantage)
    .join(", ");
}

function share(ratio: number): string {
  return `${Math.round(1_000 * ratio) / 10} %`;
}
