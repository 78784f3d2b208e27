import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

/** Where everything comes in through arguments and ports, so that a run can be repeated. */
const PURE = [
  "shared/domain/",
  "shared/policy/",
  "shared/ports/",
  "shared/ledger/",
  "shared/alerts/",
  "shared/text/",
  "orchestrations/",
  "functions/",
  "simulator/azure/",
];
const EXEMPT = ["functions/main.ts"];

const AMBIENT: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["the clock", /\bDate\s*\.\s*now\b/g],
  ["the clock", /\bnew\s+Date\b\s*(?!\s*\()|\bnew\s+Date\s*\(\s*\)/g],
  ["the clock", /(?<!\bnew\s+)(?<![.\w])Date\s*\(/g],
  ["the clock", /\bperformance\s*\./g],
  ["the clock", /\bhrtime\b/g],
  ["a timer", /\b(?:setTimeout|setInterval|setImmediate)\b/g],
  ["a timer", /\bAbortSignal\s*\.\s*timeout\b/g],
  ["randomness", /\bMath\s*\.\s*random\b/g],
  ["randomness", /\b(?:randomUUID|randomBytes|randomInt|getRandomValues)\b/g],
  ["the environment", /(?<![.\w])process\s*[.[]/g],
  ["the environment", /\bglobalThis\b/g],
  ["the network", /(?<![.\w])fetch\s*\(/g],
  ["the console", /(?<![.\w])console\s*\./g],
];

/** Reads of clock, randomness, environment or network where a run must be repeatable. */
export function checkAmbient(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => PURE.some((folder) => path.startsWith(folder)) && !EXEMPT.includes(path))
    .flatMap(({ path, code }) =>
      AMBIENT.flatMap(([what, pattern]) =>
        [...code.matchAll(pattern)].map(
          (match) => `${path}:${lineAt(code, match.index)} reaches for ${what}: ${match[0].trim()}`,
        ),
      ),
    );
}
