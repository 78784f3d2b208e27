/** A defect that the swarm must find: what is put where, in each of its places. */
export interface SwarmDefect {
  /** What goes wrong. */
  readonly name: string;
  /** What the judge says of it, among other things. */
  readonly breaks: string;
  /** A seed that finds it: where to look first. */
  readonly seed: number;
  /** Each text stands at exactly one place of its file. What the independent check would refuse is put there as well. */
  readonly places: readonly {
    readonly file: string;
    readonly text: string;
    readonly instead: string;
  }[];
}

const ACTIVITIES = "functions/activities";
const EVIDENCE = "shared/policy/evidence";
const BREACHES = "shared/policy/second-opinion/breaches.ts";
const CLAIMS = "shared/ledger/claims.ts";

export const DEFECTS: readonly SwarmDefect[] = [
  {
    name: "a number that nobody knows is no life",
    breaks: "I19",
    seed: 53,
    places: [
      {
        file: `${EVIDENCE}/classify-sql.ts`,
        text: 'return SQL_MEANING.get(String(number)) ?? "alive";',
        instead: 'return SQL_MEANING.get(String(number)) ?? "not-serving";',
      },
      {
        file: `${EVIDENCE}/judge-look.ts`,
        text: 'return votesDown && !CONVICTING.has(code) ? "blind" : result;',
        instead: "return result;",
      },
    ],
  },
  {
    name: "a failover has no receipt",
    breaks: "I16",
    seed: 11,
    places: [
      {
        file: `${ACTIVITIES}/record.ts`,
        text: "await keepReceipt(held.book, receipt);",
        instead: "",
      },
    ],
  },
  {
    name: "the way home is not written down",
    breaks: "I16",
    seed: 11,
    places: [
      {
        file: `${ACTIVITIES}/record.ts`,
        text: 'if (work.purpose === "fail-over") await planWhatIsLeft(held, receipt, verified);',
        instead: "",
      },
    ],
  },
  {
    name: "a refusal does not slow us down",
    breaks: "I9",
    seed: 25,
    places: [
      {
        file: CLAIMS,
        text: "retryNotBefore: at + Math.max(retryAfterMs, patienceMs(claim, because)),",
        instead: "retryNotBefore: at + 0 * retryAfterMs,",
      },
    ],
  },
  {
    name: "an ask is opened, and never sent",
    breaks: "L2",
    seed: 91,
    places: [
      {
        file: `${ACTIVITIES}/notify.ts`,
        text: 'if (opened?.answered) return { kind: "told-already" };',
        instead: 'if (opened !== null) return { kind: "told-already" };',
      },
    ],
  },
  {
    name: "roles are not read again right before the request",
    breaks: "I2",
    seed: 118,
    places: [
      {
        file: `${ACTIVITIES}/post-failover.ts`,
        text: "const roles = await rolesInTheWay(app, held);",
        instead: "const roles = null as string | null;",
      },
    ],
  },
  {
    name: "a request that nobody answers is sent again at once",
    breaks: "I2",
    seed: 51,
    places: [
      {
        file: `${ACTIVITIES}/post-failover.ts`,
        text: `const answer = await app.ports.failoverGroups.failOver({
      group: group.name,
      from: group[otherSide(claim.target)],
      to: group[claim.target],
      kind: claim.kind,
    });`,
        instead: `const send = () => app.ports.failoverGroups.failOver({
      group: group.name,
      from: group[otherSide(claim.target)],
      to: group[claim.target],
      kind: claim.kind,
    });
    const first = await send();
    const answer = first.kind === "unanswered" ? await send() : first;`,
      },
    ],
  },
  {
    name: "whoever sends does not look for a pause",
    breaks: "I15",
    seed: 169,
    places: [
      {
        file: `${ACTIVITIES}/post-failover.ts`,
        text: "const obstacle = roles ?? pause;",
        instead: "const obstacle = roles;",
      },
    ],
  },
  {
    name: "a peer speaks for the others",
    breaks: "I14",
    seed: 101,
    places: [
      {
        file: "shared/azure/peers.ts",
        text: ".map((seen) => ({ ...seen, vantage, region }));",
        instead: ".map((seen) => ({ vantage, region, ...seen }));",
      },
    ],
  },
  {
    name: "stale looks are counted",
    breaks: "I4",
    seed: 93,
    places: [
      {
        file: `${EVIDENCE}/judge-observations.ts`,
        text: "facts.now - look.startedAt < freshMs(policy),",
        instead: "facts.now - look.startedAt < 6 * freshMs(policy),",
      },
      {
        file: "shared/policy/second-opinion/count-looks.ts",
        text: "const oldestAt = facts.now - freshMs(policy);",
        instead: "const oldestAt = facts.now - 6 * freshMs(policy);",
      },
    ],
  },
  {
    name: "a planned failover that may run is given up after twenty seconds",
    breaks: "I9",
    seed: 99,
    places: [
      {
        file: `${EVIDENCE}/follow-claim.ts`,
        text: "planned: 600_000 }",
        instead: "planned: 20_000 }",
      },
    ],
  },
  {
    name: "a sign of life is no veto",
    breaks: "I7",
    seed: 113,
    places: [
      {
        file: `${EVIDENCE}/judge-observations.ts`,
        text: "signsOfLife: findSignsOfLife(facts, policy, lives),",
        instead: "signsOfLife: [],",
      },
      {
        file: BREACHES,
        text: 'act.kind === "forced" && counted(act).life && !act.accepts("sign-of-life")',
        instead: "false",
      },
    ],
  },
  {
    name: "nobody wants the key path proven",
    breaks: "I6",
    seed: 130,
    places: [
      {
        file: "shared/policy/guards/liftable-guards.ts",
        text: "closed: findKeyUnknown,",
        instead: "closed: () => null,",
      },
      {
        file: BREACHES,
        text: '(k.kind === "unknown" || (k.kind === "proven" && k.ageMs > policy.keyProofMs)) &&',
        instead: "false &&",
      },
    ],
  },
  {
    name: "nobody is told of a refusal",
    breaks: "silence",
    seed: 41,
    places: [
      {
        file: "orchestrations/fail-over.ts",
        text: `yield* tell(context, work, { type: "page", key: \`refused-\${post.code}\`, urgent: true });`,
        instead: "",
      },
    ],
  },
  {
    name: "a request in doubt is forgotten",
    breaks: "I16",
    seed: 83,
    places: [
      {
        file: CLAIMS,
        text: 'doubt: because === "reconciled-not-moved" ? doubtOf(claim, at) : claim.doubt,',
        instead: "doubt: null,",
      },
    ],
  },
];
