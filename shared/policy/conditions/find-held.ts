import type { Decision, GuardFinding, Reason } from "../../domain/decision.ts";
import type { GuardId } from "../../domain/guard.ts";
import { isHeldByMode, wouldHave } from "../evidence/held-by-mode.ts";
import type { ConditionEvidence, Finding, GroupEvidence, Words } from "./condition-row.ts";

/** What has a condition of its own is told once. */
export const TOLD_ELSEWHERE: readonly GuardId[] = ["paused", "claim-store"];

const IN_PORTAL = "see the group in the portal; request nothing beside what runs there";
const NOTHING_ACTS = "nothing of ours acts: where its users confirm it, fail over by hand";

/** What to do by the guard, or by the rule: by hand only where that can work, and stands beside nothing that runs. */
export const HELD_WORDS = {
  quorum: { repair: "put the sites of the configuration right: nothing acts before" },
  "fresh-evidence": { repair: "see why no look arrives: is any site running?" },
  "claim-open": { repair: IN_PORTAL },
  "no-token": { repair: "see to the identity of the sites: without a token nothing is sent" },
  "roles-known": { repair: "see the group in the portal: which side is primary now?" },
  "operation-in-progress": {
    repair: "see in the portal what runs, and wait: no failover works beside it",
  },
  seeding: { repair: "see in the portal why it still seeds: the secondary lacks data" },
  moving: { repair: IN_PORTAL },
  "secondary-silent": { repair: "see to the secondary: is it started, updated, reachable?" },
  "secondary-not-ready": { repair: "see to the secondary: no failover works until it is Ready" },
  frozen: { repair: "take the freeze out of the configuration, or fail over by hand" },
  "failover-by-other": { repair: IN_PORTAL },
  "roles-moved": { repair: IN_PORTAL },
  observe: { repair: NOTHING_ACTS },
  "long-trouble-observed": { repair: NOTHING_ACTS },
  "refused-by-check": { repair: "see why in the last receipt: npx geo-failover why GROUP" },
} satisfies Readonly<Record<string, Pick<Words, "repair">>>;

/**
 * Is everything kept still by what no approval would open? A guard that nobody lifts, once the primary is down past its
 * grace; and once trouble has lasted the group's `rto` also another's failover that is stood down for, and mode observe.
 * Nobody is asked then: an operation that nobody can read holds as long as it is listed.
 */
export function findHeld({ groups }: ConditionEvidence, now: number): readonly Finding[] {
  return groups.map((of) => ({ ...findIn(of, now), group: of.group, leads: of.leads }));
}

function findIn(
  { decision, trouble, policy, silentStores }: GroupEvidence,
  now: number,
): Omit<Finding, "group" | "leads"> {
  const found = { subject: null, severity: null, sinceAt: null, urgentSinceAt: null } as const;
  if (decision === "unknown") {
    const because = {
      code: "store-silent",
      values: { stores: silentStores.toSorted().join(", ") },
    };
    return { ...found, state: "unknown", because };
  }
  if (decision === null) return { ...found, state: "ok", because: null };
  const lasts = trouble !== null && now - trouble.sinceAt >= policy.rtoMs;
  const because = whyHeld(decision) ?? (lasts ? whyStill(decision) : null);
  if (because !== null) {
    // People need to know how long they have been without a primary, not how long this has held.
    const since = trouble === null ? {} : { downSinceAt: trouble.sinceAt };
    const values = { ...because.values, ...since };
    return { ...found, state: "bad", severity: "page", because: { ...because, values } };
  }
  // A round without a majority, or with a sign of life, says nothing of the guard: that it stands is no end of it.
  const still = decision.verdict === "hold" ? whyClosed(decision) : null;
  return { ...found, state: still === null ? "ok" : "unknown", because: still };
}

/** Both rules stand behind the grace; a decision that our own check refuses acts no more than a guard lets it. */
function whyHeld(decision: Decision): Reason | null {
  if (decision.rule === "refused-by-check") return firstReason(decision);
  return decision.rule === "absolute-guard" ? whyClosed(decision) : null;
}

/** What waits, or is asked about, is no matter of this: it goes on by itself, or a person has heard of it. */
function whyStill(decision: Decision): Reason | null {
  const { verdict } = decision;
  if (verdict === "stand-down" || isHeldByMode(decision)) return firstReason(decision);
  return verdict === "hold" ? whyClosed(decision) : null;
}

function firstReason({ rule, because }: Decision): Reason | null {
  const [first] = because.filter(({ code }) => code !== "trouble");
  if (first === undefined) return null;
  const { rule: wouldRule = null, verdict: wouldBe = null } = wouldHave({ because })?.values ?? {};
  const observed = wouldRule === null ? {} : { wouldRule, wouldBe };
  return { code: first.code, values: { rule, ...first.values, ...observed } };
}

function whyClosed({ guards }: Decision): Reason | null {
  const found = guards.find(keepsStill);
  if (found === undefined || found.because === null) return null;
  const { code, values } = found.because;
  return { code, values: { guard: found.guard, ...values } };
}

function keepsStill({ guard, strength, state }: GuardFinding): boolean {
  return strength === "absolute" && state === "closed" && !TOLD_ELSEWHERE.includes(guard);
}
