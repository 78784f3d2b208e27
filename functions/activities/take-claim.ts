import type * as z from "zod";
import type { takeClaim as contract } from "../../orchestrations/contracts.ts";
import { readReceipt } from "../../shared/ledger/audit.ts";
import { claimIn, readClaim, takeClaim } from "../../shared/ledger/claims.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { App } from "../app.ts";
import { actorOf } from "../deciding/write-receipt.ts";
import { grip } from "../keeping/motor.ts";
import { auditClaim } from "../telling/write-audit.ts";

/** A decision older than this is not acted on, and its POST must have left by then. */
const DECISION_GOOD_MS = 30_000;

/** Takes the claim that this decision earns. Twice is once: the decision's id names the claim. */
export function createTakeClaim(app: App) {
  return async (
    input: z.infer<typeof contract.input>,
  ): Promise<z.infer<typeof contract.output>> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "superseded" };
    const { book, expectedPrimary, target } = held;
    const now = app.ports.clock.now();
    const receipt = await readReceipt(book, input.decisionId);
    const because = whyNot(receipt, input.action, expectedPrimary, now);
    if (because !== null || receipt === null) return { kind: "refused", because: because ?? "" };

    const before = claimIn(held.rows);
    if (before.kind === "unreadable") return { kind: "refused", because: "claim-unreadable" };
    const claim = await takeClaim(
      book,
      {
        group: book.group,
        incidentId: input.incidentId,
        decisionId: input.decisionId,
        rule: receipt.decision.rule,
        actor: actorOf(receipt),
        kind: input.action.kind,
        expectedPrimary,
        target,
        holder: app.config.self.name,
        notAfter: receipt.writtenAt + DECISION_GOOD_MS,
      },
      now,
      before,
    );
    if (claim === null) {
      const newest = valueOrNull(await readClaim(book));
      const because = newest?.state === "spent" ? "refused-lately" : "earlier-claim-open";
      return { kind: "refused", because };
    }
    await auditClaim(app, held, claim, {
      action: "claim-taken",
      detail: { epoch: claim.epoch },
    });
    return { kind: "taken", epoch: claim.epoch };
  };
}

/** Why this decision is no ground for a claim; null when it is. */
function whyNot(
  receipt: Awaited<ReturnType<typeof readReceipt>>,
  action: { readonly kind: string; readonly expectedPrimary: string },
  expectedPrimary: string,
  now: number,
): string | null {
  if (receipt === null) return "no-receipt";
  if (receipt.decision.verdict !== "fail-over") return "decision-does-not-act";
  if (receipt.decision.kind !== action.kind) return "decision-names-another-kind";
  if (action.expectedPrimary !== expectedPrimary) return "expects-another-primary";
  const ageMs = now - receipt.writtenAt;
  return ageMs > DECISION_GOOD_MS || ageMs < -DECISION_GOOD_MS ? "decision-too-old" : null;
}
