import type { ReasonRow } from "./reason-row.ts";

/** What comes before the rules about the primary: who acts already, who asks, what the mode is. */
export const STANDING_REASONS: readonly ReasonRow[] = [
  {
    code: "failover-in-progress",
    means: "a failover that is not ours runs",
    values: { by: "who started it, as the activity log says; not-us where it does not say" },
    next: "let it end; afterwards the roles settle the matter",
  },
  {
    code: "roles-moved",
    means: "the roles have moved, and not by us",
    values: { movedAt: "when that was seen; null where only the role shows it" },
    next: "find who failed over (activity log); the incident closes by itself",
  },
  {
    code: "claim-spent",
    means: "an earlier request of ours has no definite end yet",
    values: {
      epoch: "number of the claim",
      state: "intent: not sent; sent: it may take effect",
      sinceMs: "how long ago it was taken",
    },
    next: "wait: it is being reconciled from the roles; look at the group in the portal if it lasts",
  },
  {
    code: "planned-ends",
    means: "our planned failover runs, and nothing can be sent beside it",
    values: { sinceMs: "for how long it has been running" },
    next: "wait: a planned failover can neither be cancelled nor overtaken",
  },
  {
    code: "outage-since-attempt",
    means: "outage seen since a failover of anyone ended without moving the roles",
    values: { sinceMs: "outage time counted since", neededMs: "how much must be seen anew" },
    next: "wait: the attempt itself made the primary look down",
  },
  {
    code: "attempt",
    means: "our planned attempt could not finish for one database",
    values: { code: "Azure's code" },
    next: "look at the databases' replication; approve to force, which may lose what was not sent",
  },
  {
    code: "storage-failed",
    means: "a look met failing storage or log, and none has written since",
    values: { failedAt: "when it last did" },
    next: "look at the primary's databases and open a case with Azure; approve to fail over",
  },
  {
    code: "mode",
    means: "the mode decides: observe never acts, approve asks first",
    values: {
      mode: "observe, approve or automatic",
      canary: "whether writes can be seen: yes or no",
    },
    next: "approve the ask; in observe, fail over in the portal or change the mode",
  },
  {
    code: "would-have",
    means: "what the rules would have made of it in automatic mode",
    values: {
      rule: "the rule that would have matched",
      verdict: "hold, ask or fail-over",
      kind: "planned or forced; null where it would not have acted",
    },
    next: "nothing: compare it with what you would have done, before you leave observe mode",
  },
  {
    code: "approval",
    means: "a person has to approve",
    values: {},
    next: "answer the newest ask with its token: POST /api/approve or /api/deny",
  },
  {
    code: "healed",
    means:
      "somebody has approved, and the primary has healed: most write to it, or nothing runs that a failover would mend",
    values: { upSinceAt: "since when a majority has seen it serve; null where none does" },
    next: "nothing: should it fail again while the approval is good, it is acted on; POST /api/deny takes it back",
  },
  {
    code: "call",
    means: "a person called for it",
    values: { actor: "who, as claimed", reason: "what they gave as the reason" },
    next: "nothing: it is being done",
  },
  {
    code: "site",
    means: "this site is in the primary's own region, and must not act alone over it",
    values: { site: "its name", region: "the primary's region" },
    next: "call a site in another region; by itself another site takes over",
  },
];
