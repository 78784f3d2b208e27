import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { AdviceKind, Facts } from "../../domain/facts.ts";
import { type Policy, quorumOf } from "../../domain/policy.ts";
import { graceFor } from "./grace.ts";
import { GRAY_CODES } from "./judge-look.ts";
import type { Judgement } from "./judge-observations.ts";

interface Seen {
  readonly facts: Facts;
  readonly judgement: Judgement;
  readonly policy: Policy;
}

interface DiagnosisRow {
  readonly diagnosis: Diagnosis;
  /** What an outage of this kind must last before anything follows from it. */
  readonly grace: "none" | "grace" | "gray if not served lately";
  /** What follows then, unless the configuration says otherwise and while no guard is closed. */
  readonly leadsTo: "acts" | "asks" | "holds";
  readonly says: string;
  readonly when: (seen: Seen) => boolean;
}

const NAME_CODES = ["no-name", "11001", "ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "SERVFAIL"];
const IDENTITY_CODES = ["no-token", "EFEDAUTH", "18452", "18456", "18470", "18487"];
const BUSY_CODES = ["10928", "10929", "40501", "49918", "49919", "49920"];

/**
 * What is wrong, first match wins. Under a down-majority no row reads advice of the platform: a
 * maintenance notice must not turn a lost instance into something that waits.
 */
export const DIAGNOSES: readonly DiagnosisRow[] = [
  {
    diagnosis: "key-denied",
    grace: "none",
    leadsTo: "asks",
    says: "the secondary, or a database of the primary, is denied its key",
    when: ({ facts }) => facts.keyPath.kind === "denied" || inaccessibleByDenial(facts),
  },
  {
    diagnosis: "flapping",
    grace: "none",
    leadsTo: "asks",
    says: "outages came and went, and none that still runs has lasted its grace",
    when: isFlapping,
  },
  {
    diagnosis: "partial-loss",
    grace: "grace",
    leadsTo: "asks",
    says: "a majority logs in and finds part of the databases lost",
    when: ({ judgement }) => judgement.partialMajority,
  },
  {
    diagnosis: "path",
    grace: "gray if not served lately",
    leadsTo: "asks",
    says: "down from outside, while something in the primary's region answers",
    when: ({ judgement: j }) =>
      j.downMajority && (j.pathSeenBy !== null || j.primaryVantage === "up"),
  },
  {
    diagnosis: "gray-writes",
    grace: "gray if not served lately",
    leadsTo: "acts",
    says: "logins work and writes hang",
    when: ({ judgement: j }) => j.downMajority && j.downCodes.some((c) => GRAY_CODES.includes(c)),
  },
  {
    diagnosis: "key-unreachable",
    grace: "gray if not served lately",
    leadsTo: "asks",
    says: "the primary is down and the secondary answers that it cannot reach its vault",
    when: ({ facts, judgement }) => judgement.downMajority && keyUnreachable(facts),
  },
  {
    diagnosis: "instance-loss",
    grace: "gray if not served lately",
    leadsTo: "acts",
    says: "down, also for the vantage in the primary's own region",
    when: ({ judgement: j }) => j.downMajority && j.primaryVantage === "down",
  },
  {
    diagnosis: "regional-loss",
    grace: "gray if not served lately",
    leadsTo: "acts",
    says: "down from outside, and the vantage in the primary's region is silent or blind",
    when: ({ judgement }) => judgement.downMajority,
  },
  {
    diagnosis: "dns",
    grace: "none",
    leadsTo: "holds",
    says: "a majority could not resolve the name",
    when: (seen) => mostSay(seen, NAME_CODES),
  },
  {
    diagnosis: "identity",
    grace: "none",
    leadsTo: "holds",
    says: "a majority got no token or was refused by name",
    when: (seen) => mostSay(seen, IDENTITY_CODES),
  },
  {
    diagnosis: "overload",
    grace: "none",
    leadsTo: "holds",
    says: "a majority was told that the server is too busy",
    when: (seen) => mostSay(seen, BUSY_CODES),
  },
  {
    diagnosis: "gray-latency",
    grace: "none",
    leadsTo: "holds",
    says: "a majority writes, but takes half the probe timeout or more",
    when: mostAreSlow,
  },
  {
    diagnosis: "unclear",
    grace: "none",
    leadsTo: "holds",
    says: "somebody votes down, or nobody sees anything; not enough for more",
    when: ({ judgement: j }) =>
      j.down > 0 || j.votes.every((v) => (v.result ?? "blind") === "blind"),
  },
  {
    diagnosis: "maintenance",
    grace: "none",
    leadsTo: "holds",
    says: "the platform announces maintenance and the primary serves",
    when: ({ facts }) => facts.advice.some((a) => a.source === "maintenance"),
  },
  {
    diagnosis: "control-plane",
    grace: "none",
    leadsTo: "holds",
    says: "Resource Manager fails and the primary serves",
    when: ({ facts }) =>
      facts.advice.some(({ source, kind }) => source.endsWith("-arm") && fails(kind)),
  },
  {
    diagnosis: "none",
    grace: "none",
    leadsTo: "holds",
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

function mostAreSlow({ judgement, policy }: Seen): boolean {
  const slow = judgement.votes.filter(
    ({ latencyMs }) => latencyMs !== null && 2 * latencyMs >= policy.probeTimeoutMs,
  );
  return slow.length >= quorumOf(policy);
}

/** Was there no sensible answer? */
function fails(kind: AdviceKind): boolean {
  switch (kind) {
    case "failing":
    case "throttled":
    case "unknown":
      return true;
    case "ok":
    case "bad":
      return false;
    default:
      return kind satisfies never;
  }
}
