import type { Facts } from "../shared/domain/facts.ts";
import type { Observation, Vote } from "../shared/domain/observation.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import type { Judgement } from "../shared/policy/evidence/judge-observations.ts";
import { answerSays } from "../shared/policy/sentences.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { alignColumns } from "./align-columns.ts";
import { sayReason } from "./say-reason.ts";

const HEADER = ["vantage", "region", "look", "code", "latency", "age", "vote"];

/** What each site says of the primary, in words, and what all of them come to. */
export function explainSights(receipt: DecisionReceipt, judgement: Judgement): readonly string[] {
  const { facts, policy } = receipt;
  const { down, needed, failedDatabases } = judgement;
  const rows = judgement.votes.map(({ vantage, region, vote, result, code }) => [
    `${vantage}, ${region}`,
    VOTE[vote],
    result === null || code === null ? sayUnheard(facts, vantage) : answerSays(code),
  ]);
  const outside =
    facts.primaryRegion === null ? "" : `, one of them outside ${facts.primaryRegion}`;
  return [
    ...alignColumns(rows),
    `${down} of ${policy.vantages.length} see it down; it takes ${needed}${outside}`,
    ...(failedDatabases.length === 0 ? [] : [`lost databases: ${failedDatabases.join(", ")}`]),
  ];
}

function sayUnheard({ unheard }: Facts, vantage: string): string {
  const because = unheard.find((one) => one.vantage === vantage)?.because ?? "no-answer";
  return `nothing fresh is heard${because === "no-answer" ? "" : `: it answers ${because}`}`;
}

const VOTE: Readonly<Record<Vote, string>> = {
  up: "up",
  down: "down",
  abstain: "cannot say",
};

/** What every configured vantage saw last, how old that is, and what it counted for. */
export function explainVotes(receipt: DecisionReceipt, judgement: Judgement): readonly string[] {
  const { facts, policy } = receipt;
  const { down, needed, signsOfLife, failedDatabases } = judgement;
  const rows = judgement.votes.map((vote) => {
    const last = newestLook(receipt, vote.vantage);
    const stale = last !== null && vote.result === null;
    return [
      vote.vantage,
      vote.region,
      last?.result ?? "-",
      last?.code ?? facts.unheard.find(({ vantage }) => vantage === vote.vantage)?.because ?? "-",
      last === null || last.latencyMs === null ? "-" : `${last.latencyMs} ms`,
      last === null ? "-" : sayMs(facts.now - last.startedAt),
      stale ? `${vote.vote} (too old)` : vote.vote,
    ];
  });
  const outside =
    facts.primaryRegion === null ? "" : `, one of them outside ${facts.primaryRegion}`;
  return [
    ...alignColumns([HEADER, ...rows]),
    `${down} of ${policy.vantages.length} down; it takes ${needed}${outside}`,
    ...signsOfLife.map((sign) => `sign of life: ${sayReason(sign)}`),
    ...(failedDatabases.length === 0 ? [] : [`lost databases: ${failedDatabases.join(", ")}`]),
  ];
}

/** The newest look of a vantage at the primary, be it too old to count. */
export function newestLook({ facts }: DecisionReceipt, vantage: string): Observation | null {
  const looks = facts.looks.filter(
    (look) =>
      look.vantage === vantage && look.target === facts.primary && look.startedAt <= facts.now,
  );
  return looks.reduce<Observation | null>(
    (newest, look) => (newest === null || look.startedAt > newest.startedAt ? look : newest),
    null,
  );
}
