/** One thing wrong with the configuration, and where. Lines and columns count from one. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** Names the check; stable, unlike the message. */
  readonly because: string;
  readonly message: string;
}

/** Everything that is wrong with the configuration, one line each, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map((problem) => formatProblem(file, problem)).join("\n"));
    this.problems = sorted;
  }
}

function formatProblem(file: string, { line, column, path, message }: Problem): string {
  return `${file}:${line}:${column} ${path === "" ? "(file)" : path}: ${message}`;
}
