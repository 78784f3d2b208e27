import type { ReasonRow } from "./reason-row.ts";

/** Why a guard is closed that nobody lifts. */
export const ABSOLUTE_REASONS: readonly ReasonRow[] = [
  {
    code: "quorum-impossible",
    means: "the configured vantages could never convict the primary, or never clear it",
    values: {
      why: "vantage-named-twice, too-few-outside or none-inside the primary's region",
      vantages: "how many are configured",
      needed: "the strict majority of them",
    },
    next: "configure a site in each group region and one in a third",
  },
  {
    code: "no-fresh-look",
    means: "no vantage has looked at the primary lately",
    values: {},
    next: "see that the sites run: `GET health` at each of them",
  },
  {
    code: "claim-open",
    means: "an earlier claim is not spent",
    values: { epoch: "number of the claim", sinceMs: "how long ago it was taken" },
    next: "wait: what was sent is reconciled from the roles first",
  },
  {
    code: "claim-unknown",
    means:
      "the store of the region failed over to cannot be read, so nobody knows whether a claim is open",
    values: { why: "what reading it said" },
    next: "see to that storage account: network rules, identity, region; or fail over by hand",
  },
  {
    code: "no-token",
    means: "no token is at hand that is good for five more minutes",
    values: { goodForMs: "how long the token at hand stays good; null: there is none" },
    next: "see whether the site's managed identity gets tokens; until then fail over by hand",
  },
  {
    code: "primary-never-read",
    means: "nobody has ever read who is primary",
    values: {},
    next: "see that the sites may read the group: `npx geo-failover check`",
  },
  {
    code: "group-unknown",
    means: "the secondary's region does not say how the group is",
    values: { why: "what reading it said" },
    next: "see whether Resource Manager answers in that region, and whether our role may read the group",
  },
  {
    code: "target-not-secondary",
    means: "the instance to fail over to is not shown as secondary",
    values: { role: "the role it is shown in" },
    next: "look at the group in the portal: roles may be moving",
  },
  {
    code: "operation-running",
    means: "an operation runs on the secondary or the group",
    values: { name: "its name", by: "us, other or unknown" },
    next: "let it end, or cancel it where Azure lets you",
  },
  {
    code: "seeding",
    means: "the secondary is being copied anew and holds nothing to fail over to",
    values: { state: "replication state of the group, in Azure's word" },
    next: "wait until it ends; until then only the primary or its backups can be restored",
  },
  {
    code: "moving",
    means: "the group itself says that a failover is under way",
    values: { state: "replication state of the group, in Azure's word" },
    next: "wait for its end, and see where the roles are then",
  },
  {
    code: "secondary-not-answering",
    means: "the secondary is not known to answer SQL",
    values: { sql: "silent: it was asked in vain; unknown: it could not be asked" },
    next: "look at the secondary first: failing over to it would trade one outage for another",
  },
  {
    code: "secondary-not-ready",
    means: "the secondary instance is in another state than Ready",
    values: { state: "its state" },
    next: "start or repair the secondary instance",
  },
  {
    code: "paused",
    means: "a pause is on: nothing acts",
    values: {
      scope: "the group, or * for all",
      owner: "who paused",
      expiresAt: "when it ends by itself; null: never",
    },
    next: "resume when the work is done: POST /api/resume, with its owner as pausedBy if that is another",
  },
  {
    code: "pause-unreadable",
    means: "no store could say that there is no pause",
    values: {},
    next: "see to the storage account of the secondary's region",
  },
  {
    code: "frozen",
    means: "a configured freeze is on: nothing acts",
    values: {
      schedule: "cron expression of the freeze",
      timezone: "its time zone",
      untilAt: "when it ends",
    },
    next: "wait for its end, or take it out of the configuration",
  },
];
