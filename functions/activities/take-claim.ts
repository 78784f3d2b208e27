import type * as z from "zod";
import type { Action, takeClaim as contract } from "../../orchestrations/contracts.ts";
import type { Side } from "../../shared/domain/group.ts";
import type { DecisionReceipt } from "../../shared/domain/receipt.ts";
import { readReceipt } from "../../shared/ledger/audit.ts";
import { claimIn, readClaim, takeClaim } from "../../shared/ledger/claims.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { App } from "../app.ts";
import { actorOf } from "../deciding/write-receipt.ts";
import { hold } from "../keeping/motor.ts";
import { auditClaim } from "../telling/write-audit.ts";

/** A decision older than this is not acted on, and its POST must have left by then. */
const DECISION_GOOD_MS = 30_000;

/** Takes the claim that this decision earns. Twice is once: the decision's id names the claim. */
export function createTakeClaim(app: App) {
  return async (
    input: z.infer<typeof contract.input>,
  ): Promise<z.infer<typeof contract.output>> => {
    // The look has just shown a sign of life: no write stands before the claim.
    const held = await hold(app, input);
    if (held === null) return { kind: "superseded" };
    const { book, expectedPrimary, target } = held;
    const now = app.ports.clock.now();
    const receipt = await readReceipt(book, input.decisionId);
    const ground = groundOf(receipt, input.action, expectedPrimary, now);
    if (ground.kind !== "good") return ground;

    const before = claimIn(held.rows);
    if (before.kind === "unreadable") return { kind: "refused", because: "claim-unreadable" };
    const claim = await takeClaim(
      book,
      {
        group: book.group,
        incidentId: input.incidentId,
        decisionId: input.decisionId,
        rule: ground.receipt.decision.rule,
        actor: actorOf(ground.receipt),
        kind: input.action.kind,
        expectedPrimary,
        target,
        holder: app.config.self.name,
        notAfter: ground.receipt.writtenAt + DECISION_GOOD_MS,
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

type Ground =
  | { readonly kind: "good"; readonly receipt: DecisionReceipt }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "too-late" };

/** Is the receipt of this decision a ground for a claim? */
function groundOf(
  receipt: DecisionReceipt | null,
  action: Action,
  expectedPrimary: Side,
  now: number,
): Ground {
  const refused = (because: string): Ground => ({ kind: "refused", because });
  if (receipt === null) return refused("no-receipt");
  if (receipt.decision.verdict !== "fail-over") return refused("decision-does-not-act");
  if (receipt.decision.kind !== action.kind) return refused("decision-names-another-kind");
  if (action.expectedPrimary !== expectedPrimary) return refused("expects-another-primary");
  const ageMs = Math.abs(now - receipt.writtenAt);
  return ageMs > DECISION_GOOD_MS ? { kind: "too-late" } : { kind: "good", receipt };
}
