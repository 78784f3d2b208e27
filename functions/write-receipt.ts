import type { Decision } from "../shared/domain/decision.ts";
import type { Facts } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import { keepReceipt } from "../shared/ledger/audit.ts";
import type { Store } from "../shared/ports/store.ts";
import type { App } from "./app.ts";
import { PRODUCT } from "./product.ts";

/** Writes a decision down so that anyone can make it again. */
export async function writeReceipt(
  app: App,
  store: Store,
  group: Group,
  facts: Facts,
  decision: Decision,
  id: string,
): Promise<void> {
  await keepReceipt(store, group.name, {
    kind: "decision",
    version: 1,
    product: PRODUCT,
    id,
    writtenAt: facts.now,
    policyDigest: app.config.digest,
    policy: group.policy,
    facts,
    decision,
  });
}
