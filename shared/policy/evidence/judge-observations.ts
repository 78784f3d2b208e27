import type { Reason } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import type { LookResult, Observation, Vote } from "../../domain/observation.ts";
import { freshMs, type Policy, quorumOf } from "../../domain/policy.ts";
import { ratioOfLife } from "./application.ts";
import { STORAGE_CODES } from "./judge-look.ts";

/** What one configured vantage says of the primary; `result` is null while nothing fresh was heard. */
export interface VantageVote {
  readonly vantage: string;
  readonly region: string;
  readonly vote: Vote;
  readonly result: LookResult | null;
  readonly code: string | null;
  readonly latencyMs: number | null;
  /** When that look began. */
  readonly startedAt: number | null;
}

/** What all looks together say at one instant. */
export interface Judgement {
  readonly votes: readonly VantageVote[];
  readonly down: number;
  readonly needed: number;
  /** A strict majority of the configured vantages, one of them outside the primary's region. */
  readonly downMajority: boolean;
  /** A strict majority of the configured vantages votes up. */
  readonly upMajority: boolean;
  readonly signsOfLife: readonly Reason[];
  /** The newest instant for which one of them speaks; null without any. */
  readonly livedAt: number | null;
  readonly partialMajority: boolean;
  readonly failedDatabases: readonly string[];
  /** The outside vantage that reached the primary's region while the vantage there was silent. */
  readonly pathSeenBy: string | null;
  readonly primaryVantage: "up" | "down" | "blind" | "silent";
  readonly freshLooks: number;
  /** Start of the earliest of the looks that vote down. */
  readonly firstFailedAt: number | null;
  /** End of the newest fresh look that was not served. */
  readonly notServingAt: number | null;
  readonly downCodes: readonly string[];
  /** Start of the newest fresh look that met failing storage or log. */
  readonly storageFailedAt: number | null;
  /** A fresh look was written. */
  readonly wrote: boolean;
}

export type JudgedFacts = Pick<
  Facts,
  "now" | "primary" | "primaryRegion" | "looks" | "application" | "secondaryAdvances" | "outage"
>;

const VOTE_OF: Record<LookResult, Vote> = {
  writes: "up",
  alive: "abstain",
  "not-serving": "down",
  "no-answer": "down",
  blind: "abstain",
};

/** Counts one vote per configured vantage from its newest fresh look at the current primary. */
export function judgeObservations(facts: JudgedFacts, policy: Policy): Judgement {
  const heard = policy.vantages.map((vantage) => ({
    vantage,
    look: newestFresh(facts, policy, vantage.name),
  }));
  const looks = heard.flatMap(({ look }) => (look === null ? [] : [look]));
  // A vantage that has gone blind takes nothing back of the life that it saw, while that is fresh.
  const lives = looks.map((look) =>
    look.result === "blind" ? (newestFresh(facts, policy, look.vantage, "seeing") ?? look) : look,
  );
  const down = heard.filter(({ look }) => look !== null && VOTE_OF[look.result] === "down");
  const needed = quorumOf(policy);
  const up = looks.filter((look) => VOTE_OF[look.result] === "up");
  const outside = down.filter(({ vantage }) => vantage.region !== facts.primaryRegion);
  const partial = looks.filter((look) => isAnswered(look) && look.failedDatabases.length > 0);
  const downLooks = looks.filter((look) => VOTE_OF[look.result] === "down");
  const storage = looks.filter((look) => STORAGE_CODES.includes(look.code));
  const notServing = looks.filter((look) => look.result === "not-serving");
  return {
    votes: heard.map(({ vantage, look }) => ({
      vantage: vantage.name,
      region: vantage.region,
      vote: look === null ? "abstain" : VOTE_OF[look.result],
      result: look?.result ?? null,
      code: look?.code ?? null,
      latencyMs: look?.latencyMs ?? null,
      startedAt: look?.startedAt ?? null,
    })),
    down: down.length,
    needed,
    downMajority: down.length >= needed && outside.length > 0,
    upMajority: up.length >= needed,
    signsOfLife: findSignsOfLife(facts, policy, lives),
    livedAt: newestLife(facts, lives),
    partialMajority: partial.length >= needed,
    failedDatabases: [...new Set(partial.flatMap((look) => look.failedDatabases))].sort(),
    pathSeenBy: findPathEvidence(facts, heard),
    primaryVantage: voteOfPrimaryRegion(facts, heard),
    freshLooks: looks.length,
    firstFailedAt: downLooks.length === 0 ? null : Math.min(...downLooks.map((l) => l.startedAt)),
    notServingAt: notServing.length === 0 ? null : Math.max(...notServing.map((l) => l.endedAt)),
    downCodes: [...new Set(downLooks.map((look) => look.code))].sort(),
    storageFailedAt: storage.length === 0 ? null : Math.max(...storage.map((l) => l.startedAt)),
    wrote: looks.some((look) => look.result === "writes"),
  };
}

interface Heard {
  readonly vantage: Policy["vantages"][number];
  readonly look: Observation | null;
}

function newestFresh(
  facts: JudgedFacts,
  policy: Policy,
  vantage: string,
  which: "any" | "seeing" = "any",
): Observation | null {
  const fresh = facts.looks.filter(
    (look) =>
      look.vantage === vantage &&
      (which === "any" || look.result !== "blind") &&
      look.target === facts.primary &&
      // A look of the future was timed by a clock that has jumped since: it says nothing.
      look.startedAt <= facts.now &&
      facts.now - look.startedAt < freshMs(policy),
  );
  return fresh.reduce<Observation | null>(
    (newest, look) => (newest === null || speaksBefore(look, newest) ? look : newest),
    null,
  );
}

/** From most to least in the primary's favour. */
const IN_FAVOUR: readonly LookResult[] = ["writes", "alive", "blind", "not-serving", "no-answer"];

/** The newer one. Of two begun at once the one in the primary's favour: no chance order decides. */
function speaksBefore(look: Observation, other: Observation): boolean {
  if (look.startedAt !== other.startedAt) return look.startedAt > other.startedAt;
  return IN_FAVOUR.indexOf(look.result) < IN_FAVOUR.indexOf(other.result);
}

function findSignsOfLife(facts: JudgedFacts, policy: Policy, looks: Observation[]): Reason[] {
  const life: Reason[] = looks.filter(isAnswered).map((look) => ({
    code: "look",
    values: { vantage: look.vantage, result: look.result, answer: look.code },
  }));
  if (facts.secondaryAdvances === "yes") life.push({ code: "secondary-advances", values: {} });
  const ratio = ratioOfLife(facts, policy);
  if (ratio !== null) {
    const values = { ratio: ratio.value, floor: policy.applicationFloor };
    life.push({ code: APPLICATION_SUCCEEDS, values });
  }
  return life;
}

/** The one sign of life that is not of the database itself: it stops the hand, and tells of no end of an outage. */
export const APPLICATION_SUCCEEDS = "application-succeeds";

function newestLife(facts: JudgedFacts, looks: Observation[]): number | null {
  const instants = looks.filter(isAnswered).map((look) => look.startedAt);
  if (facts.secondaryAdvances === "yes") instants.push(facts.now);
  return instants.length === 0 ? null : Math.max(...instants);
}

function isAnswered(look: Observation): boolean {
  return look.result === "writes" || look.result === "alive";
}

function voteOfPrimaryRegion(facts: JudgedFacts, heard: Heard[]): Judgement["primaryVantage"] {
  const looks = heard
    .filter(({ vantage }) => vantage.region === facts.primaryRegion)
    .flatMap(({ look }) => (look === null ? [] : [look]));
  if (looks.some(isAnswered)) return "up";
  if (looks.some((look) => VOTE_OF[look.result] === "down")) return "down";
  return looks.length > 0 ? "blind" : "silent";
}

function findPathEvidence(facts: JudgedFacts, heard: Heard[]): string | null {
  const inside = voteOfPrimaryRegion(facts, heard);
  // Blind is silent about the primary: a region that answers elsewhere may well be serving inside.
  if (inside === "up" || inside === "down") return null;
  const reached = heard.find(
    ({ vantage, look }) => vantage.region !== facts.primaryRegion && look?.regionReference === "ok",
  );
  return reached?.vantage.name ?? null;
}
