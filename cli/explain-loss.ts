import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { findBounds, type WitnessedBound } from "../shared/policy/evidence/bound-loss.ts";
import { lossSince } from "../shared/policy/evidence/count-rounds.ts";
import { lossUnknownSays } from "../shared/policy/sentences.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { alignColumns } from "./align-columns.ts";

/** The most that forcing can lose, the bounds of each database, where each comes from, and which one holds. */
export function explainLoss({ facts, policy }: DecisionReceipt): readonly string[] {
  const { loss, samples, secondaryCommits, canaryDatabase } = facts;
  const onsetAt = lossSince(facts, policy);
  if (onsetAt === null) return [];
  const bounds = findBounds({ onsetAt, samples, secondaryCommits, canaryDatabase });
  const least = bounds.filter(
    (bound, i) => bounds.findIndex(({ database }) => database === bound.database) === i,
  );
  // The bound of the outage, as the site measured it that led before.
  const carried =
    loss.kind === "bounded" && !least.some(({ atMostMs }) => atMostMs === loss.atMostMs);
  return [
    loss.kind === "bounded"
      ? `at most ${sayMs(loss.atMostMs)}, of database ${loss.database}; the budget is ${sayMs(policy.lossBudgetMs)}`
      : `not known: ${lossUnknownSays(loss.because)}; the budget is ${sayMs(policy.lossBudgetMs)}`,
    ...(carried ? ["as the site measured it that led before"] : []),
    ...alignColumns(shownOf(bounds, least).map((bound) => lineOf(bound, least.includes(bound)))),
  ];
}

/** Of each witness of a database the newest word is the best one. */
function shownOf(
  bounds: readonly WitnessedBound[],
  least: readonly WitnessedBound[],
): readonly WitnessedBound[] {
  return least.flatMap(({ database }) => {
    const ofIt = bounds.filter((bound) => bound.database === database);
    return ofIt.filter((bound, i) => ofIt.findIndex(({ by }) => by === bound.by) === i);
  });
}

function lineOf({ database, atMostMs, by, measuredAt }: WitnessedBound, holds: boolean): string[] {
  const bound = atMostMs < 0 ? "none: it contradicts the onset" : sayMs(atMostMs);
  const witness = `${WITNESS[by]}, ${sayInstant(measuredAt)}`;
  return [database, bound, holds ? `holds: ${witness}` : witness];
}

const WITNESS: Readonly<Record<WitnessedBound["by"], string>> = {
  lag: "how far the secondary was behind, said by the primary",
  reached: "the secondary has what the primary had committed by then",
  commit: "the newest commit that the secondary has",
};
