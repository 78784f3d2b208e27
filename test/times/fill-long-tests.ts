/** One file of tests, and when it ran. */
export interface TimedFile {
  readonly path: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

const BLOCK = /(<!-- long tests -->\n)[\s\S]*?(<!-- \/long tests -->)/;
const LISTED = 20;

/** A page with its list of the test files that take longest, and how long all took. */
export function fillLongTests(page: string, files: readonly TimedFile[], cores: number): string {
  const tookMs = (file: TimedFile) => file.endedAt - file.startedAt;
  const long = [...files].sort((a, b) => tookMs(b) - tookMs(a)).slice(0, LISTED);
  const startedAt = Math.min(...files.map((file) => file.startedAt));
  const wholeMs = Math.max(...files.map((file) => file.endedAt)) - startedAt;
  const lines = [
    `\`npm test\`: ${say(wholeMs)} on ${cores} cores, ${files.length} files. The longest:`,
    "",
    "| file | took |",
    "|---|---|",
    ...long.map((file) => `| \`${file.path}\` | ${say(tookMs(file))} |`),
  ];
  return page.replace(
    BLOCK,
    (_, opens: string, closes: string) => `${opens}${lines.join("\n")}\n${closes}`,
  );
}

function say(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
