import type * as z from "zod";
import type { Action, takeClaim as contract } from "../../orchestrations/contracts.ts";
import type { Side } from "../../shared/domain/group.ts";
import type { DecisionReceipt } from "../../shared/domain/receipt.ts";
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
    const ground = groundOf(receipt, input.action, expectedPrimary, now);
    if (ground.kind === "none") return { kind: "refused", because: ground.because };

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
  | { readonly kind: "none"; readonly because: string };

/** Is the receipt of this decision a ground for a claim? */
function groundOf(
  receipt: DecisionReceipt | null,
  action: Action,
  expectedPrimary: Side,
  now: number,
): Ground {
  const none = (because: string): Ground => ({ kind: "none", because });
  if (receipt === null) return none("no-receipt");
  if (receipt.decision.verdict !== "fail-over") return none("decision-does-not-act");
  if (receipt.decision.kind !== action.kind) return none("decision-names-another-kind");
  if (action.expectedPrimary !== expectedPrimary) return none("expects-another-primary");
  const ageMs = Math.abs(now - receipt.writtenAt);
  return ageMs > DECISION_GOOD_MS ? none("decision-too-old") : { kind: "good", receipt };
}
