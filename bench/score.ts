import type { Truth } from "./generated-incidents.ts";
import { LOSS_BUDGET_SECONDS } from "./generated-incidents.ts";
import { median, quantile } from "./statistics.ts";

/** What one judge did in one incident. */
export interface Deed {
  readonly cause: string;
  readonly id: string;
  readonly truth: Truth;
  readonly actedAtMs: number | null;
  /** Null for whoever never asks. */
  readonly askedAtMs: number | null;
  /** The rule that acted, else the one that asked first; null for who has no rules, or did neither. */
  readonly rule: string | null;
}

export type Mark = "right" | "wrong" | "missed" | "left-to-a-person" | "quiet" | "needless-ask";

/** What a deed was worth, by the truth alone. */
export function markOf({ truth, actedAtMs, askedAtMs }: Deed): Mark {
  if (actedAtMs !== null) return actsRightly(truth) ? "right" : "wrong";
  if (actsRightly(truth)) return askedAtMs === null ? "missed" : "left-to-a-person";
  if (askedAtMs === null) return "quiet";
  // A primary that is lost with nothing fit to take over is a person's business.
  return truth.lostFromMs === null ? "needless-ask" : "left-to-a-person";
}

/** Is a failover the right thing to do in this incident? */
export function actsRightly({ lostFromMs, secondaryFit, lossSeconds }: Truth): boolean {
  return lostFromMs !== null && secondaryFit && lossSeconds <= LOSS_BUDGET_SECONDS;
}

export interface Score {
  readonly marks: Readonly<Record<Mark, number>>;
  /** From the onset to the decision, of the failovers that were right. */
  readonly secondsMedian: number;
  readonly secondsP95: number;
}

export function scoreOf(deeds: readonly Deed[]): Score {
  const marks = {
    right: 0,
    wrong: 0,
    missed: 0,
    "left-to-a-person": 0,
    quiet: 0,
    "needless-ask": 0,
  };
  const seconds: number[] = [];
  for (const deed of deeds) {
    const mark = markOf(deed);
    marks[mark]++;
    if (mark === "right" && deed.actedAtMs !== null) {
      seconds.push((deed.actedAtMs - (deed.truth.lostFromMs ?? 0)) / 1_000);
    }
  }
  return { marks, secondsMedian: median(seconds), secondsP95: quantile(seconds, 0.95) };
}
