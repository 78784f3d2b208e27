import { createHash } from "node:crypto";
import type { Decision } from "../../domain/decision.ts";
import type { LossBound } from "../../domain/loss.ts";
import type { Question } from "../../domain/person.ts";

/** Upper edges of the losses that people are asked to accept, so that a second more is not a new question. */
const LOSS_EDGES_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];

/** What a person would have to accept for this decision. Losses that differ by little give the same question. */
export function questionOf(decision: Decision, loss: LossBound): Question {
  const guards = decision.guards
    .filter((finding) => finding.state === "closed" && finding.strength === "liftable")
    .map((finding) => finding.guard)
    .sort();
  const lossAtMostMs = loss.kind === "unknown" ? null : edgeAbove(loss.atMostMs);
  const { diagnosis } = decision;
  // Whoever has said no is not asked the same again, only because of that.
  const others = guards.filter((guard) => guard !== "denied");
  const asked = JSON.stringify([diagnosis, others, lossAtMostMs]);
  const digest = createHash("sha256").update(asked).digest("hex").slice(0, 12);
  return { digest, diagnosis, guards, lossAtMostMs };
}

function edgeAbove(ms: number): number {
  return LOSS_EDGES_MS.find((edge) => ms <= edge) ?? ms;
}
