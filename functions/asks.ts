import { createHash } from "node:crypto";
import type { Decision } from "../shared/domain/decision.ts";
import type { GuardId } from "../shared/domain/guard.ts";
import type { LossBound } from "../shared/domain/loss.ts";
import type { Ask } from "../shared/domain/person.ts";

/** Upper edges of the losses that people are asked to accept, so that a second more is not a new question. */
const LOSS_EDGES_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];

/** What an ask asks: an approval of it is good for this and nothing else. */
export interface Question {
  readonly digest: string;
  readonly guards: GuardId[];
  readonly lossAtMostMs: number | null;
}

export function questionOf(decision: Decision, loss: LossBound): Question {
  const guards = decision.guards
    .filter((finding) => finding.state === "closed" && finding.strength === "liftable")
    .map((finding) => finding.guard)
    .sort();
  const lossAtMostMs = loss.kind === "unknown" ? null : edgeAbove(loss.atMostMs);
  const asked = JSON.stringify([decision.diagnosis, guards, lossAtMostMs]);
  const digest = createHash("sha256").update(asked).digest("hex").slice(0, 12);
  return { digest, guards, lossAtMostMs };
}

export interface SortedAsks {
  /** Stand unanswered, though nobody wants to know any more. */
  readonly withdraw: readonly Ask[];
  /** The one by which the question is being asked, or has just been denied. */
  readonly live: Ask | null;
}

export function sortAsks(
  asks: readonly Ask[],
  wanted: {
    readonly incidentId: string;
    readonly question: Question | null;
    readonly now: number;
    /** Asks whose approvals were before the rules: one that came since is for the next round. */
    readonly approvedBefore: readonly string[];
  },
): SortedAsks {
  const ours = asks.filter((ask) => ask.incidentId === wanted.incidentId);
  const { question } = wanted;
  const same = (ask: Ask): boolean =>
    question !== null && keyOfAsk(ask).endsWith(`~${question.digest}`);
  const isNews = (ask: Ask): boolean =>
    ask.answer === "approved" &&
    ask.expiresAt > wanted.now &&
    !wanted.approvedBefore.includes(ask.id);
  return {
    withdraw: ours.filter((ask) => ask.answer === "none" && !same(ask)),
    live: ours.find((ask) => same(ask) && (isLive(ask, wanted.now) || isNews(ask))) ?? null,
  };
}

/** Waits for its answer, or has been answered no: either way it is not asked again before it expires. */
export function isLive(ask: Ask, now: number): boolean {
  return ask.expiresAt > now && (ask.answer === "none" || ask.answer === "denied");
}

/** The key of the announcement that carries the ask: its instant first, so that ids are in order of time. */
export function keyOfAsk(ask: Pick<Ask, "id" | "incidentId">): string {
  return ask.id.slice(ask.incidentId.length + 1);
}

function edgeAbove(ms: number): number {
  return LOSS_EDGES_MS.find((edge) => ms <= edge) ?? ms;
}
