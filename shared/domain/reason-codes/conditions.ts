import type { ReasonRow } from "./reason-row.ts";

/** Why a condition is bad, or why nobody can tell. */
export const CONDITION_REASONS: readonly ReasonRow[] = [
  {
    code: "rows-unreadable",
    means: "rows of the ledger are there and cannot be understood",
    values: { rows: "how many", first: "kinds, stores and causes, those first that keep it still" },
    next: "deploy the newest release at every site, or repair or delete the row",
  },
  {
    code: "store-silent",
    means: "a store gives no answer, so nobody knows what its rows say",
    values: {
      stores: "the sites they belong to",
      why: "why one that is read takes nothing: silent, too-large or others-write",
    },
    next: "see to those storage accounts: network rules, identity, region",
  },
  {
    code: "store-needed",
    means: "the store that a failover needs gives no answer, while the primary is seen down",
    values: {
      stores: "the site it belongs to, and its region",
      why: "why one that is read takes nothing: silent, too-large or others-write",
    },
    next: "see to that storage account: network rules, identity, region",
  },
  {
    code: "store-not-needed",
    means: "a store gives no answer, and no group would fail over to its region now",
    values: {
      stores: "the site it belongs to, and its region",
      why: "why one that is read takes nothing: silent, too-large or others-write",
    },
    next: "see to that storage account: network rules, identity, region",
  },
  {
    code: "storage-refuses",
    means: "most vantages are answered, and storage or log of the primary fails",
    values: { answers: "what they were answered: SQL error numbers, or words of a driver" },
    next: "see which databases are hit, and answer the ask that follows",
  },
  {
    code: "refused",
    means: "most vantages are answered, and refused",
    values: { answers: "what they were answered: SQL error numbers, or words of a driver" },
    next: "look the number up; if it refuses its users as well, that is the outage",
  },
  {
    code: "too-few-see",
    means: "too few vantages see anything to tell whether most are refused",
    values: {},
    next: "see to the sites that are silent or blind",
  },
  {
    code: "replication-suspended",
    means: "nothing flows to the secondary",
    values: { state: "replication state of the group, in Azure's word" },
    next: "see why: link, space and databases of the secondary",
  },
  {
    code: "replication-untold",
    means: "the group does not say how its replication is, or one of its sides is down",
    values: {},
    next: "see whether both sides answer, and whether our role may read the group",
  },
  {
    code: "not-protected-yet",
    means: "the roles have changed, and the primary has not been seen followed since",
    values: {},
    next: "wait for it, or see to the old primary",
  },
  {
    code: "end-unknown",
    means: "an operation on the primary began a day ago or longer, and was not seen to end",
    values: {
      operation: "what runs, in Azure's word",
      beganAt: "when it began, or was first seen",
    },
    next: "see whether it still runs, and cancel it if it is stuck",
  },
  {
    code: "application-fails",
    means:
      "the application was below its floor in three of the last five minutes, while no majority saw its primary down",
    values: {
      ratio: "the share of its requests that succeeded last",
      floor: "the least it should be",
    },
    next: "look at the application first: a failover would hardly mend it",
  },
  {
    code: "application-unseen",
    means:
      "the application was below its floor in three of the last five minutes, and no majority sees its primary answer",
    values: {
      ratio: "the share of its requests that succeeded last",
      floor: "the least it should be",
    },
    next: "ask its users and see the portal: nothing is known of the database",
  },
  {
    code: "application-unread",
    means: "the application's success ratio is not known for three of the last five minutes",
    values: {},
    next: "nothing in the first minutes; then see whether its telemetry can be read",
  },
  {
    code: "blind-look",
    means: "a site's looks at the primary are blind: the cause lies on its own side",
    values: { answer: "what ended the newest look" },
    next: "see to that site's name resolution, network, reference and identity",
  },
  {
    code: "not-looked",
    means: "a site has not looked at the primary for four ticks",
    values: { lookedAt: "when it last did; null: never" },
    next: "see whether the site ticks: `GET health` there",
  },
  {
    code: "site-quiet",
    means: "a site's heartbeat has not moved",
    values: { tickedAt: "when it last did, on the clock of the site that says so" },
    next: "see whether its function app runs, and whether it reaches its own storage",
  },
  {
    code: "site-unheard",
    means: "nobody can tell whether a site ticks",
    values: {},
    next: "see to the storage of the site that says so: it cannot remember what it heard",
  },
];
