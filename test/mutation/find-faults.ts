/** The part of Stryker's report that is read here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
  /** Why it was not tried. */
  readonly statusReason?: string;
}

export interface Least {
  /** Percent of the tested mutants that some test notices. */
  readonly score: number;
  readonly mutants: number;
}

export interface Counts {
  readonly killed: number;
  readonly survived: number;
  /** No test comes near them: they have survived as well. */
  readonly unreached: number;
  /** What runs when a file is loaded: each would need every test, so none is tried. */
  readonly static: number;
  /** Left out by a comment. */
  readonly excused: number;
  /** Whatever else became of them. */
  readonly broken: number;
}

/** What became of the mutants of a report. */
export function countMutants(report: MutationReport): Counts {
  const all = Object.values(report.files).flatMap(({ mutants }) => mutants);
  const count = (...statuses: readonly string[]): number =>
    all.filter(({ status }) => statuses.includes(status)).length;
  const killed = count("Killed", "Timeout");
  const [survived, unreached, ignored] = [count("Survived"), count("NoCoverage"), count("Ignored")];
  const isStatic = ({ status, statusReason = "" }: Mutant): boolean =>
    status === "Ignored" && statusReason.startsWith("Static mutant");
  const ofStatic = all.filter(isStatic).length;
  const broken = all.length - killed - survived - unreached - ignored;
  return { killed, survived, unreached, static: ofStatic, excused: ignored - ofStatic, broken };
}

/** One line: the score, and what it does not tell of. */
export function describeCounts(counts: Counts): string {
  const { killed, survived, unreached, excused } = counts;
  const tested = killed + survived + unreached;
  const untried = counts.static;
  const share = percent(untried, tested + untried + excused);
  return (
    `${percent(killed, tested)} % of ${tested} tested mutants were killed (${survived} survived, ` +
    `${unreached} reached by no test); ${untried} static ones were not tried, ${share} % of all; ` +
    `${excused} are excused by a comment`
  );
}

/** What is wrong with a mutation report; empty where it proves as much as it should. */
export function findFaults(report: MutationReport, least: Least): readonly string[] {
  const { killed, survived, unreached, broken } = countMutants(report);
  const tested = killed + survived + unreached;
  const faults: string[] = [];
  if (tested === 0 || (100 * killed) / tested < least.score) {
    faults.push(
      `${percent(killed, tested)} % of the mutants were killed; ${least.score} % are wanted`,
    );
  }
  if (tested < least.mutants) {
    faults.push(`${tested} mutants were tested; ${least.mutants} are wanted`);
  }
  if (broken > 0) faults.push(`${broken} mutants were neither killed nor survived`);
  return faults;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "0.0" : ((100 * part) / whole).toFixed(1);
}
