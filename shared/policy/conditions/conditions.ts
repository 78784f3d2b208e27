import type { Condition, ConditionType } from "../../domain/condition.ts";
import { AGAIN_MS } from "../evidence/again.ts";
import type { ConditionRow, Words } from "./condition-row.ts";
import { findApplicationFailing } from "./find-application-failing.ts";
import { findBlind } from "./find-blind.ts";
import { findHeld, HELD_WORDS } from "./find-held.ts";
import { findKeyUnproven } from "./find-key-unproven.ts";
import { findLedgerSilent } from "./find-ledger-silent.ts";
import { findPaused } from "./find-paused.ts";
import { findCanaryBlind, findRefusing } from "./find-refusing.ts";
import { findSecondaryDown } from "./find-secondary-down.ts";
import { findSilent } from "./find-silent.ts";
import { findSuspended } from "./find-suspended.ts";
import { findUnended } from "./find-unended.ts";
import { findUnprotected } from "./find-unprotected.ts";
import { findUnreadable } from "./find-unreadable.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Every condition, in the order in which people should read them. */
export const CONDITIONS: readonly ConditionRow[] = [
  {
    type: "ledger-unreadable",
    title: "rows of the ledger cannot be read",
    says: "a row is there and cannot be understood; a page where it is an incident, claim or pause, a notice where it is another, which counts as none",
    means: "nothing acts while an incident, claim or pause is unreadable",
    repair: "deploy the newest release at every site, or repair or delete the row",
    readiness: true,
    notice: { afterMs: MINUTE_MS, againMs: AGAIN_MS },
    // Two ticks: a cache that the next tick rebuilds is no news.
    page: { afterMs: 30 * SECOND_MS, againMs: AGAIN_MS },
    overAfterMs: 30 * SECOND_MS,
    find: findUnreadable,
  },
  {
    type: "ledger-silent",
    title: "a store gives no answer",
    says: "a site's store gives no answer, or takes nothing; a page where a failover needs it and the primary has been down for the grace",
    means: "a failover to its region waits for it: nothing is sent without it",
    repair: "mend that storage: its network rules, identity, region",
    instead: {
      "store-not-needed": {
        means: "no group would fail over to its region now, so no failover needs it",
      },
      "store-needed": {
        repair: "mend that storage; by hand only where no failover runs in the portal",
      },
    },
    readiness: true,
    notice: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    // At two ticks in a row, which costs nothing where it was silent before the grace was over.
    page: { afterMs: 10 * SECOND_MS, againMs: [15 * MINUTE_MS] },
    overAfterMs: 2 * MINUTE_MS,
    find: findLedgerSilent,
  },
  {
    type: "paused",
    title: "a pause stands",
    says: "a pause stands; a notice when it has no end, a page while an outage runs or trouble has lasted the grace",
    means: "nothing fails over while it stands, whatever happens to the primary",
    repair: "lift it if the work is done: POST /api/resume, with pausedBy",
    readiness: true,
    notice: { afterMs: DAY_MS, againMs: AGAIN_MS },
    // A pause is lifted in a second: under trouble it is said again as long as it stands.
    page: { afterMs: 0, againMs: [15 * MINUTE_MS] },
    overAfterMs: 0,
    find: findPaused,
  },
  {
    type: "held",
    title: "in trouble, and nothing may be sent",
    says: "the primary is down past its grace, or in trouble for the group's rto, and a guard that nobody lifts keeps everything still; or it has been for the rto, and another's failover or mode observe does",
    means: "nothing acts while it stands, and no approval would open it",
    repair: "see to what is named; request nothing beside what already runs",
    instead: HELD_WORDS,
    readiness: true,
    notice: null,
    // At two ticks in a row: what one look misses is no news.
    page: { afterMs: 10 * SECOND_MS, againMs: AGAIN_MS },
    overAfterMs: MINUTE_MS,
    find: findHeld,
  },
  {
    type: "primary-refuses",
    title: "the primary answers, and refuses",
    says: "most vantages are answered by a primary that refuses their login or their write",
    means: "it lives, so nothing fails over; it may refuse its users as well",
    repair: "see what it refuses: identity, firewall, log or space of the primary",
    instead: {
      "storage-refuses": {
        title: "the primary answers, and its storage or log fails",
        means: "it lives, so nothing is sent by itself; what lasts becomes an ask",
        repair: "see which databases are hit; expect an ask, and answer that",
      },
    },
    readiness: true,
    notice: null,
    page: { afterMs: 2 * MINUTE_MS, againMs: AGAIN_MS },
    overAfterMs: 2 * MINUTE_MS,
    find: findRefusing,
  },
  {
    type: "secondary-down",
    title: "the secondary could not take over",
    says: "the secondary answers no SQL to any vantage, which is a page, or is not Ready, which is a notice",
    means: "nothing fails over to it: losing the primary now is an outage",
    repair: "see to the secondary: is it started, updated, reachable?",
    readiness: true,
    notice: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    page: { afterMs: 2 * MINUTE_MS, againMs: AGAIN_MS },
    overAfterMs: 2 * MINUTE_MS,
    find: findSecondaryDown,
  },
  {
    type: "replication-suspended",
    title: "nothing flows to the secondary",
    says: "the group says that its replication is suspended, while both sides answer",
    means: "what a forced failover loses grows by the minute",
    repair: "see why it is suspended: link, space and databases of the secondary",
    readiness: true,
    notice: null,
    // Two readings of the roles, and what they may have met by chance.
    page: { afterMs: 2.5 * MINUTE_MS, againMs: AGAIN_MS },
    overAfterMs: 2 * MINUTE_MS,
    find: findSuspended,
  },
  {
    type: "unprotected",
    title: "no secondary is known to follow",
    says: "the roles have changed, by whomever, and the primary has not said since that it is followed",
    means: "losing the primary now asks a person: its writes may be nowhere else",
    repair: "see whether the old primary is up, and why nothing flows to it",
    readiness: true,
    notice: null,
    // Who hears of a failover knows that a copy takes its time.
    page: { afterMs: HOUR_MS, againMs: AGAIN_MS },
    overAfterMs: 0,
    find: findUnprotected,
  },
  {
    type: "operation-unended",
    title: "an operation on the primary does not end",
    says: "an operation on the primary that changes it began a day ago, and has not been seen to end",
    means: "should the primary be lost meanwhile, a person is asked",
    repair: "see whether it still runs, and cancel it if it is stuck",
    readiness: true,
    notice: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    page: null,
    overAfterMs: 0,
    find: findUnended,
  },
  {
    type: "application-failing",
    title: "the application fails",
    says: "the application was below its floor in three of the last five minutes, while no majority saw the primary down; other words where no majority sees it answer either",
    means: "its database answers us, so a failover would hardly mend it",
    repair: "look at the application first: release, network, identity, queries",
    instead: {
      "application-unseen": {
        title: "the application fails, and hardly a site sees its database",
        means: "whether its database serves is not known: nothing is sent",
        repair: "see the portal, ask its users; if it is gone, fail over by hand",
      },
    },
    readiness: false,
    notice: null,
    page: { afterMs: 0, againMs: AGAIN_MS },
    overAfterMs: 2 * MINUTE_MS,
    find: findApplicationFailing,
  },
  {
    type: "key-unproven",
    title: "the secondary may not reach its key",
    says: "the secondary is denied its key, which is a page, or has not lately proven that it reaches it, which is a notice",
    means: "a failover asks a person first: without its key it could not serve",
    repair: "see to the right of the secondary's identity, and its way there",
    instead: {
      "key-unknown": { title: "the secondary has not proven that it reaches its key" },
    },
    readiness: true,
    notice: { afterMs: 15 * MINUTE_MS, againMs: AGAIN_MS },
    page: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    overAfterMs: 2 * MINUTE_MS,
    find: findKeyUnproven,
  },
  {
    type: "canary-blind",
    title: "the canary cannot be written",
    says: "most vantages log in, and find no canary table that they may write to",
    means: "whether writes work is not known, and no vantage has a vote",
    repair: "create the canary's table, grant its rights: npx geo-failover check",
    readiness: true,
    notice: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    page: null,
    overAfterMs: 2 * MINUTE_MS,
    find: findCanaryBlind,
  },
  {
    type: "vantage-blind",
    title: "a site cannot see",
    says: "a site's looks at the primary have all been blind: it cannot tell a lost primary from a lost path",
    means: "it has no vote, and without a majority nothing acts by itself",
    repair: "see to that site's name resolution, network, reference and identity",
    readiness: true,
    notice: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    page: null,
    overAfterMs: 2 * MINUTE_MS,
    find: findBlind,
  },
  {
    type: "site-silent",
    title: "a site does not tick",
    says: "another site has not ticked, as seen from here",
    means: "it has no vote; if it led, another site stands in for it",
    repair: "see whether its function app runs and reaches its own storage",
    readiness: true,
    notice: { afterMs: 3 * MINUTE_MS, againMs: AGAIN_MS },
    page: null,
    overAfterMs: 2 * MINUTE_MS,
    find: findSilent,
  },
];

/** What people are sent of it, by its type and its reason. */
export function wordsOf({ type, because }: Pick<Condition, "type" | "because">): Words {
  const row = conditionRow(type);
  const { guard, rule } = because?.values ?? {};
  return { ...row, ...row.instead?.[String(guard ?? rule ?? because?.code)] };
}

/** The row of that type. */
export function conditionRow(type: ConditionType): ConditionRow {
  const row = CONDITIONS.find((candidate) => candidate.type === type);
  if (row === undefined) throw new Error(`Cannot read a condition: no row has its type: ${type}`);
  return row;
}
