import type { Facts } from "../../domain/facts.ts";
import type { Observation } from "../../domain/observation.ts";
import type { SeenOfTrouble, Trouble } from "../../domain/outage.ts";
import type { Policy } from "../../domain/policy.ts";
import { failsBelowFloor } from "./application.ts";
import { graceLeft } from "./grace.ts";
import type { Judgement } from "./judge-observations.ts";
import { mostAlive } from "./sights.ts";

// Follows trouble from round to round: a primary that hardly takes a write, whatever any one look says.
//
// P1. Folding the same round twice changes nothing.
// P2. Silence and blindness neither begin nor end it.
// P3. One lucky look among many failed ones does not end it.

const MINUTE_MS = 60_000;

/** The looks of so many minutes tell whether the primary serves. */
const WINDOW_MS = 10 * MINUTE_MS;

/** Fewer looks than these tell of no share. */
const LOOKS_LEAST = 12;

/** The share of looks that may write while it is trouble all the same. */
const WRITES_MOST = 0.1;

/** The same while the application is below its floor. */
const WRITES_MOST_FAILING = 0.5;

/** For so long every outside vantage that sees anything must vote otherwise. */
const OTHERWISE_MS = 2 * MINUTE_MS;

/** Looks are seconds apart; one that is told again by a peer may seem younger by its way here. */
const SAME_LOOK_MS = 2_000;

type Round = Pick<Facts, "now" | "looks" | "primary" | "primaryRegion" | "application">;

/** Folds one round into the trouble that stood before. */
export function trackTrouble(
  before: Trouble | null,
  round: Round,
  judgement: Judgement,
  policy: Policy,
): Trouble | null {
  const stood = before ?? beginTrouble(round, judgement, policy);
  if (stood === null) return null;
  const trouble = {
    ...addLooks(stood, round),
    otherwiseSinceAt: otherwiseSince(stood, round, judgement),
  };
  return hasEnded(trouble, round, policy) ? null : trouble;
}

/**
 * Has trouble lasted the group's `rto`, and nothing is about to be done by itself? A down-majority without a sign of
 * life whose grace is over is acted on as the loss that it is; where a majority is answered and refused it is another matter.
 */
export function isTrouble(
  { now, outage }: Pick<Facts, "now" | "outage">,
  judgement: Judgement,
  policy: Policy,
): boolean {
  const { trouble } = outage;
  if (trouble === null || now - trouble.sinceAt < policy.rtoMs) return false;
  const lost = judgement.downMajority && judgement.signsOfLife.length === 0;
  return (
    !(lost && graceLeft(outage, now, policy) === 0) && !mostAlive(resultsOf(judgement), policy)
  );
}

function resultsOf({ votes }: Judgement): readonly (Observation["result"] | null)[] {
  return votes.map(({ result }) => result);
}

function outsideVotes({ primaryRegion }: Round, { votes }: Judgement) {
  return votes.filter(({ region, result }) => region !== primaryRegion && sees(result));
}

function sees(result: Observation["result"] | null): boolean {
  return result !== null && result !== "blind";
}

function beginTrouble(round: Round, judgement: Judgement, policy: Policy): Trouble | null {
  const failing = outsideVotes(round, judgement).filter(({ vote }) => vote === "down");
  if (failing.length === 0 || mostAlive(resultsOf(judgement), policy)) return null;
  const starts = failing.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  return { sinceAt: Math.min(...starts), seen: [], otherwiseSinceAt: null, answeredAt: null };
}

function otherwiseSince(stood: Trouble, round: Round, judgement: Judgement): number | null {
  const outside = outsideVotes(round, judgement);
  if (outside.length === 0 || outside.some(({ vote }) => vote === "down")) return null;
  return Math.min(stood.otherwiseSinceAt ?? round.now, round.now);
}

function addLooks(stood: Trouble, round: Round): Trouble {
  const looks = round.looks
    .filter(({ target, result }) => target === round.primary && sees(result))
    .filter(({ startedAt, endedAt }) => startedAt >= stood.sinceAt && endedAt <= round.now)
    .sort((a, b) => a.startedAt - b.startedAt);
  const seen = looks.reduce(addLook, stood.seen).map((one) => forget(one, round.now));
  const answered = looks.filter(({ result }) => result !== "no-answer");
  const answeredAt = Math.max(stood.answeredAt ?? 0, ...answered.map((look) => look.startedAt));
  return { ...stood, seen, answeredAt: answeredAt === 0 ? null : answeredAt };
}

function addLook(seen: readonly SeenOfTrouble[], look: Observation): SeenOfTrouble[] {
  const others = seen.filter(({ vantage }) => vantage !== look.vantage);
  const known = seen.find(({ vantage }) => vantage === look.vantage);
  const isToldAgain = known !== undefined && look.startedAt <= known.countedUntilAt + SAME_LOOK_MS;
  if (isToldAgain) return [...seen];
  const at = look.startedAt - (look.startedAt % MINUTE_MS);
  const minute = known?.minutes.find((each) => each.at === at) ?? { at, looks: 0, wrote: 0 };
  const wrote = minute.wrote + (look.result === "writes" ? 1 : 0);
  const minutes = [
    { at, looks: minute.looks + 1, wrote },
    ...(known?.minutes ?? []).filter((each) => each.at !== at),
  ];
  return [...others, { vantage: look.vantage, countedUntilAt: look.startedAt, minutes }];
}

function forget(seen: SeenOfTrouble, now: number): SeenOfTrouble {
  return { ...seen, minutes: seen.minutes.filter(({ at }) => now - at < WINDOW_MS) };
}

function hasEnded({ seen, otherwiseSinceAt }: Trouble, round: Round, policy: Policy): boolean {
  if (otherwiseSinceAt !== null && round.now - otherwiseSinceAt >= OTHERWISE_MS) return true;
  const counts = seen.map(({ minutes }) => ({
    looks: minutes.reduce((sum, { looks }) => sum + looks, 0),
    wrote: minutes.reduce((sum, { wrote }) => sum + wrote, 0),
  }));
  const looked = counts.filter(({ looks }) => looks > 0);
  if (looked.reduce((sum, { looks }) => sum + looks, 0) < LOOKS_LEAST) return false;
  // Each vantage counts once, however often it looks.
  const share = looked.reduce((sum, { looks, wrote }) => sum + wrote / looks, 0) / looked.length;
  return share > (failsBelowFloor(round.application, policy) ? WRITES_MOST_FAILING : WRITES_MOST);
}
