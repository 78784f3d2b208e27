import type { Decision, GuardFinding } from "../../domain/decision.ts";
import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { Policy } from "../../domain/policy.ts";
import type { FailoverKind, Purpose } from "../../domain/purpose.ts";
import { isGray } from "./choose-kind.ts";

/** What comes of an ask that nobody answers. A promise to act is made only where nothing but what opens by itself is in the way. */
export type Unanswered =
  | { readonly kind: "waits" | "waits-for-guards" | "waits-for-loss" }
  /** `afterMs`: how long after the decision, where that is known. */
  | { readonly kind: "acts-when-open"; readonly afterMs: number | null };

/** Closed by what may pass without anybody doing anything. */
const OPENS_BY_ITSELF: readonly GuardId[] = [
  "sign-of-life",
  "replication-unclear",
  "capacity-at-target",
  "key-unknown",
  "loss-unknown",
  "cooldown",
  "operation-on-primary",
  "target-in-undo",
];

/** They ask again as long as what they name is so, whatever else becomes of the primary. */
const STAY: readonly string[] = ["key-denied", "storage-failed", "planned-timed-out-for-database"];

/** Acted on by itself where they are on the list; where one of them is asked about, it is not. */
const LOSSES = ["instance-loss", "regional-loss"] as const satisfies readonly Diagnosis[];

interface Circumstances {
  readonly purpose: Purpose;
  readonly kind: FailoverKind;
  readonly policy: Policy;
  readonly storageFailed: boolean;
}

/** Says what comes of this ask while nobody answers it. */
export function foreseeUnanswered(decision: Decision, circumstances: Circumstances): Unanswered {
  const { purpose, policy } = circumstances;
  const mode = purpose === "fail-back" ? policy.failback.mode : policy.mode;
  const closed = decision.guards.filter(({ state }) => state === "closed");
  const isDenied = closed.some(({ guard }) => guard === "denied");
  const cannotSeeWrites = purpose === "fail-over" && !policy.canary;
  if (mode !== "automatic" || cannotSeeWrites || isDenied) return { kind: "waits" };
  if (decision.rule !== "guard") {
    const actsOnLoss = LOSSES.some((loss) => policy.automatic.includes(loss));
    const isUnlisted =
      decision.rule === "not-automatic" && LOSSES.some((loss) => loss === decision.diagnosis);
    const stays = purpose === "fail-back" || STAY.includes(decision.rule);
    if (isUnlisted || !actsOnLoss) return { kind: "waits" };
    return { kind: stays ? "waits" : "waits-for-loss" };
  }
  const opens = closed.every(({ guard }) => OPENS_BY_ITSELF.includes(guard));
  if (!opens || asksAfterwards(decision, circumstances)) return { kind: "waits-for-guards" };
  return { kind: "acts-when-open", afterMs: opensAfter(closed) };
}

/** Is there a row behind the guards that would ask all the same? */
function asksAfterwards(
  { diagnosis }: Decision,
  { purpose, kind, policy, storageFailed }: Circumstances,
) {
  if (purpose === "fail-back") return false;
  const isForcedGray = isGray(diagnosis) && kind === "forced";
  return storageFailed || isForcedGray || !policy.automatic.includes(diagnosis);
}

/** The cooldown alone ends at a known time. */
function opensAfter(closed: readonly GuardFinding[]): number | null {
  const [first, ...more] = closed;
  if (first?.guard !== "cooldown" || more.length > 0) return null;
  const { cooldownMs, sinceMs } = first.because?.values ?? {};
  return typeof cooldownMs === "number" && typeof sinceMs === "number"
    ? cooldownMs - sinceMs
    : null;
}
