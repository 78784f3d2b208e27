import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { AdviceKind, Facts } from "../../domain/facts.ts";
import { type Policy, quorumOf } from "../../domain/policy.ts";
import { graceFor } from "./grace.ts";
import { GRAY_CODES } from "./judge-look.ts";
import type { Judgement } from "./judge-observations.ts";
import { isSlow } from "./pace.ts";
import { isTrouble } from "./track-trouble.ts";

interface Seen {
  readonly facts: Facts;
  readonly judgement: Judgement;
  readonly policy: Policy;
}

interface DiagnosisRow {
  readonly diagnosis: Diagnosis;
  readonly says: string;
  readonly when: (seen: Seen) => boolean;
}

const NAME_CODES = ["no-name", "11001", "ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "SERVFAIL"];
const IDENTITY_CODES = ["no-token", "EFEDAUTH", "18452", "18456", "18470", "18487"];
const BUSY_CODES = ["10928", "10929", "40501", "49918", "49919", "49920"];

/**
 * What is wrong, first match wins. Under a down-majority no row reads advice of the platform: a
 * maintenance notice must not turn a lost instance into something that waits. What the comment
 * above a row says of its place, test/policy/order-of-rows.test.ts holds.
 */
export const DIAGNOSES: readonly DiagnosisRow[] = [
  // Before trouble, flapping, regional-loss: an act of somebody is told, whatever it does to the primary.
  {
    diagnosis: "key-denied",
    says: "the secondary, or a database of the primary, is denied its key",
    when: ({ facts }) => facts.keyPath.kind === "denied" || inaccessibleByDenial(facts),
  },
  // Before flapping: hours in which hardly a write was taken are told as what they are.
  // Before regional-loss: what any one look says names nothing that acts while its own grace is not over.
  {
    diagnosis: "trouble",
    says: "most looks wrote nothing since the trouble began, longer ago than the group may be down",
    when: ({ facts, judgement, policy }) => isTrouble(facts, judgement, policy),
  },
  // Before partial-loss: what is lost in part now may be back in a minute.
  // Before regional-loss: nothing that acts is named until one outage has lasted.
  {
    diagnosis: "flapping",
    says: "outages came and went, and none that still runs has lasted its grace",
    when: isFlapping,
  },
  // Free against path, gray-writes, instance-loss, regional-loss: a majority that logs in is not down.
  // Before gray-latency: what is lost is told before what is slow.
  // Before unclear: a majority says more than one that votes down.
  {
    diagnosis: "partial-loss",
    says: "a majority logs in and finds part of the databases lost",
    when: ({ judgement }) => judgement.partialMajority,
  },
  // Before path, gray-writes, regional-loss: a primary that sickened is not one that vanished.
  // Before unclear: a majority says more than one that votes down.
  {
    diagnosis: "gray-latency",
    says: "most looks wrote, and took half the probe timeout or more: now, or until it went down",
    when: (seen) => mostAreSlow(seen) || sickened(seen),
  },
  // Before gray-writes, regional-loss: what answers in the region makes it a question, not an act.
  {
    diagnosis: "path",
    says: "down from outside, while something in the primary's region answers",
    when: ({ judgement: j }) =>
      j.downMajority && (j.pathSeenBy !== null || j.primaryVantage === "up"),
  },
  // Before key-unreachable, instance-loss: it logs people in, so a planned failover is tried first.
  {
    diagnosis: "gray-writes",
    says: "logins work and writes hang",
    when: ({ judgement: j }) => j.downMajority && j.downCodes.some((c) => GRAY_CODES.includes(c)),
  },
  // Before instance-loss, regional-loss: the secondary may not reach its vault either, so it is asked.
  {
    diagnosis: "key-unreachable",
    says: "the primary is down and the secondary answers that it cannot reach its vault",
    when: ({ facts, judgement }) => judgement.downMajority && keyUnreachable(facts),
  },
  // Before regional-loss: what is seen from inside is named more narrowly.
  {
    diagnosis: "instance-loss",
    says: "down, also for the vantage in the primary's own region",
    when: ({ judgement: j }) => j.downMajority && j.primaryVantage === "down",
  },
  // Free against dns, identity, overload: those codes do not vote down.
  // Before unclear: a majority is enough to name a loss.
  {
    diagnosis: "regional-loss",
    says: "down from outside, and the vantage in the primary's region is silent or blind",
    when: ({ judgement }) => judgement.downMajority,
  },
  // Free against identity, overload: each is what a majority says.
  // Before unclear: a majority says more than one that votes down.
  {
    diagnosis: "dns",
    says: "a majority could not resolve the name",
    when: (seen) => mostSay(seen, NAME_CODES),
  },
  // Free against overload: each is what a majority says.
  // Before unclear: a majority says more than one that votes down.
  {
    diagnosis: "identity",
    says: "a majority got no token or was refused by name",
    when: (seen) => mostSay(seen, IDENTITY_CODES),
  },
  // Before unclear: a majority says more than one that votes down.
  {
    diagnosis: "overload",
    says: "a majority was told that the server is too busy",
    when: (seen) => mostSay(seen, BUSY_CODES),
  },
  // Before maintenance: a vote against the primary is told before what the platform announces.
  {
    diagnosis: "unclear",
    says: "somebody votes down, or nobody sees anything; not enough for more",
    when: ({ judgement: j }) =>
      j.down > 0 || j.votes.every((v) => (v.result ?? "blind") === "blind"),
  },
  // Before control-plane: it says why Resource Manager may fail.
  {
    diagnosis: "maintenance",
    says: "the platform announces maintenance and the primary serves",
    when: ({ facts }) => facts.advice.some((a) => a.source === "maintenance"),
  },
  // Before none: that one always matches.
  {
    diagnosis: "control-plane",
    says: "Resource Manager fails and the primary serves",
    when: ({ facts }) =>
      facts.advice.some(({ source, kind }) => source.endsWith("-arm") && FAILS[kind]),
  },
  {
    diagnosis: "none",
    says: "nothing is wrong that we can see",
    when: () => true,
  },
];

/** Names what is wrong. */
export function diagnose(facts: Facts, judgement: Judgement, policy: Policy): Diagnosis {
  const row = DIAGNOSES.find(({ when }) => when({ facts, judgement, policy }));
  return row?.diagnosis ?? "unclear";
}

function isFlapping({ facts, policy }: Seen): boolean {
  const { outage, now } = facts;
  const lately = outage.ended.filter((e) => now - e.endedAt < policy.flapping.withinMs);
  const lasting = outage.onsetAt !== null && outage.outageMs >= graceFor(outage, now, policy);
  return lately.length >= policy.flapping.outages && !lasting;
}

function inaccessibleByDenial({ inaccessible }: Facts): boolean {
  return (
    inaccessible.kind === "read" && inaccessible.databases.some((d) => d.reason === "key-denied")
  );
}

function keyUnreachable({ keyPath }: Facts): boolean {
  return keyPath.kind === "unknown" && keyPath.reason === "unreachable";
}

function mostSay({ judgement, policy }: Seen, codes: readonly string[]): boolean {
  const votes = judgement.votes.filter(({ code }) => code !== null && codes.includes(code));
  return votes.length >= quorumOf(policy);
}

function sickened({ facts: { outage }, judgement }: Seen): boolean {
  return judgement.downMajority && outage.onsetAt !== null && outage.wasSlow;
}

function mostAreSlow({ judgement, policy }: Seen): boolean {
  return judgement.votes.filter((vote) => isSlow(vote, policy)).length >= quorumOf(policy);
}

/** Was there no sensible answer? */
const FAILS: Readonly<Record<AdviceKind, boolean>> = {
  failing: true,
  throttled: true,
  unknown: true,
  ok: false,
  bad: false,
};
