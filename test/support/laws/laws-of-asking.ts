import {
  acts,
  approvalsOf,
  asks,
  called,
  graceMsOf,
  type Law,
  othersAct,
  oursRuns,
  partialForGrace,
  type Seen,
  troubleForRto,
} from "./seen.ts";

/** When a person is asked, when not, and that nothing falls through. */
export const LAWS_OF_ASKING: readonly Law[] = [
  {
    id: "P2",
    says: "some rule foresaw it",
    broken: ({ decision }) => decision.rule === "otherwise",
  },
  {
    id: "P3",
    says: "has a kind if it acts, and only then",
    broken: (s) => acts(s) !== (s.decision.kind !== null),
  },
  {
    id: "P3",
    says: "a hold and an ask say what they wait for",
    broken: ({ decision: d }) =>
      (d.verdict === "hold" || d.verdict === "ask") && d.waitingFor.length === 0,
  },
  {
    id: "I2",
    says: "stands down when others act, and only then",
    broken: (s) => othersAct(s) !== (s.decision.verdict === "stand-down"),
  },
  {
    id: "I2",
    says: "asks nobody while our own request runs",
    broken: (s) => asks(s) && oursRuns(s),
  },
  {
    id: "I2",
    says: "says that it waits for our own request, whatever else is so",
    broken: (s) =>
      oursRuns(s) && !othersAct(s) && !["claim-open", "planned-running"].includes(s.decision.rule),
  },
  {
    id: "L2",
    says: "answers a call at once: it acts or it holds",
    broken: (s) => called(s) && asks(s),
  },
  {
    id: "L2",
    says: "does what is called for when nothing is in the way",
    broken: (s) => called(s) && !acts(s) && nothingInTheWay(s),
  },
  {
    id: "L2",
    says: "asks at once for a denied key under a down-majority",
    broken: (s) => mayAskEarly(s) && keyDenied(s) && s.tally.downMajority && !asks(s),
  },
  {
    id: "L2",
    says: "asks when part has been lost for the grace",
    broken: (s) => mayAskEarly(s) && partialForGrace(s) && !asks(s),
  },
  {
    id: "L2",
    says: "asks when outages come and go",
    broken: (s) => mayAskEarly(s) && s.decision.diagnosis === "flapping" && !asks(s),
  },
  {
    id: "L5",
    says: "asks when trouble has lasted its rto, unless nobody could be given what they approve",
    broken: (s) =>
      mayAskEarly(s) &&
      troubleForRto(s) &&
      s.policy.mode !== "observe" &&
      !absoluteClosed(s) &&
      !asks(s),
  },
  {
    id: "L2",
    says: "asks for nothing that no approval can give",
    broken: (s) => asks(s) && !early(s) && (s.policy.mode === "observe" || absoluteClosed(s)),
  },
  {
    id: "I3",
    says: "asks for nothing while the primary lives or has a majority for it",
    broken: (s) =>
      asks(s) &&
      isFailover(s) &&
      !early(s) &&
      !troubleForRto(s) &&
      !approved(s) &&
      (s.tally.life || !s.tally.downMajority),
  },
  {
    id: "L1",
    says: "asks for nothing before the grace is over",
    broken: (s) =>
      asks(s) &&
      isFailover(s) &&
      !early(s) &&
      !troubleForRto(s) &&
      s.facts.outage.outageMs < graceMsOf(s),
  },
  {
    id: "I10",
    says: "going home is planned, from away, and never by a call that would force",
    broken: (s) =>
      acts(s) &&
      !isFailover(s) &&
      (s.decision.kind !== "planned" ||
        !s.failback.away ||
        (called(s) && s.facts.call?.kind === "forced")),
  },
  {
    id: "I10",
    says: "nobody goes home by themselves before everything is right",
    broken: (s) => (acts(s) || asks(s)) && !isFailover(s) && !called(s) && !homeIsRight(s),
  },
  {
    id: "I10",
    says: "asks nobody to wave a cooldown through that ends by itself",
    broken: (s) => asks(s) && !isFailover(s) && closedOf(s).join() === "cooldown",
  },
];

function isFailover({ purpose }: Seen): boolean {
  return purpose === "fail-over";
}

function approved(s: Seen): boolean {
  return approvalsOf(s).length > 0;
}

function closedOf({ decision }: Seen): string[] {
  return decision.guards.filter((g) => g.state === "closed").map(({ guard }) => guard);
}

function absoluteClosed({ decision }: Seen): boolean {
  return decision.guards.some((g) => g.state === "closed" && g.strength === "absolute");
}

function keyDenied({ facts: { keyPath, inaccessible } }: Seen): boolean {
  if (keyPath.kind === "denied") return true;
  return (
    inaccessible.kind === "read" && inaccessible.databases.some((d) => d.reason === "key-denied")
  );
}

/** What asks without waiting for the grace. */
function early(s: Seen): boolean {
  if (!isFailover(s)) return false;
  return keyDenied(s) || partialForGrace(s) || s.decision.diagnosis === "flapping";
}

function mayAskEarly(s: Seen): boolean {
  return (
    isFailover(s) && !called(s) && s.facts.approvals.length === 0 && !othersAct(s) && !oursRuns(s)
  );
}

function nothingInTheWay(s: Seen): boolean {
  const { facts, policy, failback, purpose } = s;
  const region = policy.vantages.find(({ name }) => name === facts.site)?.region;
  const home = purpose === "fail-back" && (!failback.away || facts.call?.kind === "forced");
  return (
    !home &&
    !othersAct(s) &&
    !oursRuns(s) &&
    policy.mode !== "observe" &&
    region !== facts.primaryRegion &&
    closedOf(s).length === 0
  );
}

function homeIsRight({ facts, failback, policy }: Seen): boolean {
  const { healthySinceAt, lagSeconds } = failback;
  const down = facts.looks.some(({ result }) => result === "no-answer" || result === "not-serving");
  return (
    policy.failback.mode !== "off" &&
    failback.windowOpen &&
    healthySinceAt !== null &&
    facts.now - healthySinceAt >= policy.failback.soakMs &&
    lagSeconds !== null &&
    lagSeconds * 1000 <= policy.lossBudgetMs &&
    !down
  );
}
