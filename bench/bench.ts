export type Cell = string | number;

/** What a bench found: a table, and what to know when reading it. */
export interface Finding {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
}

/** One question, answered by counting or timing the real thing. */
export interface Bench {
  readonly name: string;
  readonly question: string;
  run(): Promise<Finding>;
}
