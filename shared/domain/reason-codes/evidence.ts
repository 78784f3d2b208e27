import type { ReasonRow } from "./reason-row.ts";

/** What was seen of the primary, and for how long. */
export const EVIDENCE_REASONS: readonly ReasonRow[] = [
  {
    code: "votes",
    means: "how many of the configured vantages vote down, and how many must",
    values: {
      down: "vantages that vote down now",
      needed: "the strict majority that must",
      misheard: "sites that answered with no report, and what: http-401, their keys differ",
    },
    next: "nothing while votes come in; if a vantage keeps abstaining, see why its site is silent or blind; what is misheard, mend the key or the release of that site",
  },
  {
    code: "outage",
    means: "the outage that runs, as all vantages together have counted it",
    values: {
      outageMs: "outage time between down-majorities at most a minute apart",
      onsetAt: "start of the first failed look; null while no outage runs",
      rounds: "rounds with a down-majority",
    },
    next: "wait for the rest of the grace, or call the failover yourself",
  },
  {
    code: "grace",
    means: "the grace that the outage must last",
    values: { graceMs: "the grace that holds now: the gray one while a server answered lately" },
    next: "wait; `npx geo-failover advise` says whether the grace fits what this group has seen",
  },
  {
    code: "trouble",
    means:
      "since then most looks wrote nothing: of the looks of the last ten minutes at most a tenth, or half while the application fails",
    values: {
      sinceAt: "start of the first look from outside that voted down",
      lastedMs: "how long ago that is",
      rtoMs: "how long it may last before a person is asked",
    },
    next: "look at the primary, its region and the application; approve if the service is down and waiting is worse than what would be lost",
  },
  {
    code: "ended-outages",
    means: "outages that came and went within the flapping window",
    values: { outages: "how many that were" },
    next: "look for a cause that comes and goes: path, load, maintenance; approve only if waiting is worse",
  },
  {
    code: "partial",
    means: "a majority logs in and finds part of the databases lost",
    values: {
      sinceAt: "since when a majority has seen it",
      databases: "the databases, separated by blanks",
    },
    next: "repair these databases first: a failover moves every database of the instance",
  },
  {
    code: "diagnosis",
    means: "the diagnosis is not one that may be acted on without a person",
    values: { diagnosis: "what is wrong (docs/rules.md)" },
    next: "approve or deny; add it to `automatic` if it should not ask",
  },
  {
    code: "loss",
    means:
      "a planned failover cannot be trusted to end, so only a forced one with this loss is left",
    values: { kind: "whether the loss is bounded or unknown" },
    next: "approve only if losing that much is better than a primary that hangs",
  },
  {
    code: "look",
    means: "a sign of life: a vantage was let in",
    values: {
      vantage: "who was",
      result: "writes or alive",
      answer: "what the primary answered: an error number, or ok",
    },
    next: "find out why the other vantages fail: path, name or identity",
  },
  {
    code: "secondary-advances",
    means: "a sign of life: new commits still arrive at the secondary",
    values: {},
    next: "the primary still writes: look at the path between vantages and primary",
  },
  {
    code: "application-succeeds",
    means: "a sign of life: the application succeeds at least as often as its floor says",
    values: { ratio: "its success ratio, 0 to 1", floor: "the configured floor" },
    next: "the application still gets through: look at the path between vantages and primary",
  },
  {
    code: "no-rule",
    means: "no rule foresaw this case, so nothing acts",
    values: {},
    next: "call the failover yourself if it is needed, and report the receipt: this is a gap in the rules",
  },
];
