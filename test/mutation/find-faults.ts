/** The part of Stryker's report that is read here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
}

export interface Least {
  /** Percent of the tested mutants that some test notices. */
  readonly score: number;
  readonly mutants: number;
}

const KILLED = ["Killed", "Timeout"];
const ALIVE = ["Survived", "NoCoverage"];
/** Left out on purpose, by a comment or an option. */
const LEFT_OUT = ["Ignored"];

/** What is wrong with a mutation report; empty where it proves as much as it should. */
export function findFaults(report: MutationReport, least: Least): readonly string[] {
  const all = Object.values(report.files).flatMap(({ mutants }) => mutants);
  const count = (statuses: readonly string[]) =>
    all.filter(({ status }) => statuses.includes(status)).length;
  const killed = count(KILLED);
  const tested = killed + count(ALIVE);
  const broken = all.length - tested - count(LEFT_OUT);
  const score = tested === 0 ? 0 : (100 * killed) / tested;
  const faults: string[] = [];
  if (score < least.score) {
    faults.push(`${score.toFixed(1)} % of the mutants were killed; ${least.score} % are wanted`);
  }
  if (tested < least.mutants) {
    faults.push(`${tested} mutants were tested; ${least.mutants} are wanted`);
  }
  if (broken > 0) faults.push(`${broken} mutants were neither killed nor survived`);
  return faults;
}
