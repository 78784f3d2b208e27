/** A defect that the swarm must find: what is put where, in each of its places. */
export interface SwarmDefect {
  /** What goes wrong. */
  readonly name: string;
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
const CLAIMS = "shared/ledger/claims.ts";

export const DEFECTS: readonly SwarmDefect[] = [
  {
    name: "a number that nobody knows is no life",
    seed: 144,
    places: [
      {
        file: `${EVIDENCE}/classify-sql.ts`,
        text: '(SQL_MEANING.get(String(number)) ?? "alive")',
        instead: '(SQL_MEANING.get(String(number)) ?? "not-serving")',
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
    seed: 2,
    places: [
      {
        file: `${ACTIVITIES}/record.ts`,
        text: "await keepReceipt(book, receipt);\n  const prove",
        instead: "const prove",
      },
    ],
  },
  {
    name: "the way home is not written down",
    seed: 2,
    places: [
      {
        file: `${ACTIVITIES}/record.ts`,
        text: 'if (input.purpose === "fail-over") await planWhatIsLeft(held, incidentId, receipt.writtenAt);',
        instead: "",
      },
    ],
  },
  {
    name: "a refusal does not slow us down",
    seed: 118,
    places: [
      {
        file: CLAIMS,
        text: 'retryNotBefore: at + Math.max(retryAfterMs, because === "refused" ? patienceMs(claim) : 0),',
        instead: "retryNotBefore: at + 0 * retryAfterMs,",
      },
    ],
  },
  {
    name: "an ask is opened, and never sent",
    seed: 41,
    places: [
      {
        file: `${ACTIVITIES}/notify.ts`,
        text: 'if (opened?.answered) return { kind: "told-already" };',
        instead: 'if (opened !== null) return { kind: "told-already" };',
      },
    ],
  },
];
