import type { UnreadableRow } from "../../domain/tick-report.ts";

/** Without these nobody knows whether something acts, has acted, or may not: they keep everything still. */
const HOLDING = ["incident", "claim", "pause"];

/** Is it a row without which nothing may act? What is lost with any other is told, and acting goes on. */
export function isHolding({ kind }: Pick<UnreadableRow, "kind">): boolean {
  return HOLDING.includes(kind);
}
