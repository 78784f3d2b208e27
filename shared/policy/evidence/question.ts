import type { GuardId } from "../../domain/guard.ts";
import { type Ask, losesMore, type Question } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Decided } from "../../domain/receipt.ts";
import { chooseKind } from "./choose-kind.ts";

/** Upper edges of the losses that people are asked to accept, so that a second more is not a new question. */
const LOSS_EDGES_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];

/**
 * What is seen of the primary comes and goes from look to look, and who has said no is not asked the same again
 * because of that: these make no new version of an ask.
 */
const NO_NEWS: readonly GuardId[] = ["sign-of-life", "no-majority", "denied"];

/** What a person would have to accept for this decision; null where it asks nobody. */
export function questionOf(
  { purpose, facts, decision }: Pick<Decided, "purpose" | "facts" | "decision">,
  policy: Policy,
): Question | null {
  if (decision.verdict !== "ask") return null;
  const { diagnosis } = decision;
  const kind = purpose === "fail-back" ? "planned" : chooseKind(facts, diagnosis, policy);
  const closed = decision.guards
    .filter(({ state, strength }) => state === "closed" && strength === "liftable")
    .map(({ guard }) => guard);
  // In trouble a majority comes and goes: the approval stands in for it, whatever this look says.
  const guards: GuardId[] =
    diagnosis === "trouble" && kind === "forced" ? [...closed, "no-majority"] : closed;
  // A planned failover loses nothing.
  const atMostMs =
    kind === "planned" ? 0 : facts.loss.kind === "bounded" ? facts.loss.atMostMs : null;
  const lossAtMostMs = atMostMs === null ? null : edgeAbove(atMostMs);
  return { kind, diagnosis, guards: [...new Set(guards)].sort(), lossAtMostMs, version: 1 };
}

/** Has an approval of what was shown to accept more by now? */
export function asksMore(question: Question, shown: Ask): boolean {
  const more = question.guards.some(
    (guard) => !NO_NEWS.includes(guard) && !shown.guards.includes(guard),
  );
  return more || losesMore(question, shown);
}

/** The next version of an ask: what it has shown stays in it, so that what opens and closes again makes no other. */
export function nextVersion(question: Question, shown: Ask): Question {
  return {
    ...question,
    guards: [...new Set([...shown.guards, ...question.guards])].sort(),
    lossAtMostMs: losesMore(question, shown) ? question.lossAtMostMs : shown.lossAtMostMs,
    version: shown.version + 1,
  };
}

function edgeAbove(ms: number): number {
  return LOSS_EDGES_MS.find((edge) => ms <= edge) ?? ms;
}
