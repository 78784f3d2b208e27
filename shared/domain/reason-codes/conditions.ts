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
