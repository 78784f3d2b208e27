import type { ReasonRow } from "./reason-row.ts";

/** Why a guard is closed that a named person may lift. */
export const LIFTABLE_REASONS: readonly ReasonRow[] = [
  {
    code: "policy-automatic",
    means: "the group's failover policy is Microsoft-managed: Azure may act as well",
    values: {},
    next: "set the policy to customer-managed, then it can be guarded from here",
  },
  {
    code: "replication-unclear",
    means: "what the group says of its replication is pending, or a word that we do not know",
    values: { state: "replication state of the group, in Azure's word" },
    next: "see in the portal whether the secondary holds the data; accept the guard if it does",
  },
  {
    code: "unfit",
    means: "the secondary is too small or of another version",
    values: { why: "what differs from the primary" },
    next: "make both instances alike; accept the guard if a slow secondary is better than none",
  },
  {
    code: "capacity",
    means: "the application's capacity at the target is required and not known to be there",
    values: { capacity: "not-ready or unknown" },
    next: "start the application over there; accept the guard if the database alone helps",
  },
  {
    code: "key-unknown",
    means: "nobody knows whether the secondary reaches the key its databases are encrypted with",
    values: { why: "what its own check said, or why there was none" },
    next: "look at vault, network and identity of the secondary: without its key it may not open after a failover",
  },
  {
    code: "key-proof-old",
    means: "the secondary's proof that it reaches its key is too old",
    values: { ageMs: "age of the proof", keyProofMs: "how long one is good" },
    next: "see why its key check does not answer any more",
  },
  {
    code: "key-denied",
    means: "the secondary is denied its key",
    values: { answer: "the code it was given", ageMs: "how long ago" },
    next: "give the secondary's identity its right to the key back: databases close half an hour after it is lost",
  },
  {
    code: "loss-unknown",
    means: "what would be lost is not known",
    values: {
      why: "what is missing; bounds-contradict: rows that the least bound calls safe are not on the secondary (that bound, and how far its own newest row lies before the onset)",
      database: "the database; null: all",
    },
    next: "approve only if any loss is acceptable, or wait for the primary",
  },
  {
    code: "loss-over-budget",
    means: "more could be lost than the budget allows",
    values: {
      atMostMs: "the most that can be lost",
      lossBudgetMs: "the budget",
      database: "the worst database",
    },
    next: "approve if that loss is acceptable, or wait for the primary",
  },
  {
    code: "cooldown",
    means: "the roles changed only lately, by whomever",
    values: { sinceMs: "how long ago", cooldownMs: "the cooldown" },
    next: "find out why it fails again so soon; accept the guard if a second failover is right",
  },
  {
    code: "role-change-unknown",
    means: "nobody can tell when the roles last changed: this site's memory of it cannot be read",
    values: { why: "row-broken, row-newer or store-silent" },
    next: "find out when the roles last changed; accept the guard if a failover now is right",
  },
  {
    code: "not-followed",
    means:
      "since the roles last changed the primary has not been seen to say that it is followed: the other side may lack all that was written since",
    values: { sinceMs: "how long ago they changed" },
    next: "find out what the secondary holds; accept the guard if that is enough",
  },
  {
    code: "changed",
    means:
      "a person changed network, key or scale of the primary, and that ended shortly before it went down, or has not",
    values: {
      operation: "what they did",
      by: "who, as the activity log says",
      beforeOnsetMs: "how long before the onset it ended, as far as is known; 0 where later",
    },
    next: "undo the change if it is the cause: that is faster than a failover",
  },
  {
    code: "at-work",
    means: "an operation on the primary has begun and not ended: its last step may take it away",
    values: {
      operation: "what runs, in Azure's word",
      by: "who, as the activity log says; unknown: the instance lists it, nobody says whose",
      sinceMs: "how long ago it began, or was first seen to run",
    },
    next: "ask whoever began it whether it will end; accept the guard if it is stuck",
  },
  {
    code: "in-undo",
    means: "Azure refused the failover: a database over there still undoes the last role change",
    values: { sinceMs: "how long ago it refused" },
    next: "wait for it, or accept the guard to have it tried again now",
  },
  {
    code: "said-no",
    means:
      "a person has said no to this incident: until it has ended nothing is done about it, unless somebody approves",
    values: { sinceMs: "how long ago" },
    next: "talk to whoever denied it; approve the newest ask, or call with accepts: denied, if a failover is right now",
  },
];
