import { existsSync } from "node:fs";
import { COMMANDS } from "../../cli/commands.ts";
import { USAGE } from "../../demo/usage.ts";
import packageJson from "../../package.json" with { type: "json" };
import { type Breach, lineAt, ROOT, type SourceFile } from "../tidy/source-file.ts";

/** What people read, and what the code says to them. Recorded answers speak of other tools. */
const READ =
  /^((?!test\/).*\.(md|ts|mjs|yaml|sql|sh)|\.ci\/.*|stryker\.config\.json|test\/golden\/.*)$/;

interface Form {
  readonly pattern: RegExp;
  /** What is wrong with a mention, or null. */
  readonly wrong: (match: RegExpMatchArray) => string | null;
}

const FORMS: readonly Form[] = [
  { pattern: /\bnpm run (?:--silent )?([a-z]+(?::[a-z]+)*)/g, wrong: ([, name]) => script(name) },
  { pattern: /\bnpm (start|test)\b/g, wrong: ([, name]) => script(name) },
  {
    pattern: /\bnpm start -- (--[^`"|#\\\n]*)/g,
    wrong: ([, flags]) => unknownOption(flags, (option) => USAGE.includes(`${option} `)),
  },
  { pattern: /\bnpx (?!geo-failover\b)([\w@/-]+)(?: ([\w/.-]+\.ts)\b)?/g, wrong: tool },
  { pattern: /\bnpx geo-failover ([^`"|#\\\n]*)/g, wrong: ([, rest]) => command(rest) },
  {
    pattern: /(?:`|^\$ |^)geo-failover [a-z]/gm,
    wrong: () => "is no command by itself: npx geo-failover",
  },
  { pattern: /(?<![\w/])\.ci\/[\w-]+/g, wrong: ([path]) => thereIs(path) },
];

/** Commands that are named somewhere and that nobody could run. */
export function checkCommands(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => READ.test(path))
    .flatMap(({ path, text }) =>
      FORMS.flatMap(({ pattern, wrong }) =>
        [...text.matchAll(pattern)].flatMap((match) => {
          const why = wrong(match);
          return why === null ? [] : [`${path}:${lineAt(text, match.index)} ${match[0]}: ${why}`];
        }),
      ),
    );
}

function script(name = ""): string | null {
  return Object.hasOwn(packageJson.scripts, name) ? null : "no such script";
}

function tool([, name, file]: RegExpMatchArray): string | null {
  if (!existsSync(`${ROOT}node_modules/.bin/${name}`)) return "no such tool";
  return file === undefined ? null : thereIs(file);
}

function thereIs(path: string): string | null {
  return existsSync(`${ROOT}${path}`) ? null : `${path} is not there`;
}

function command(rest = ""): string | null {
  if (/^(COMMAND\b|\$|--help)/.test(rest)) return null;
  const named = COMMANDS.find(({ words }) => rest === words || rest.startsWith(`${words} `));
  if (named === undefined) return "no such command";
  return unknownOption(rest, (option) => Object.hasOwn(named.options, option.slice(2)));
}

function unknownOption(text = "", known: (option: string) => boolean): string | null {
  const options = [...text.matchAll(/(?<!\S)--[a-z][\w-]*/g)].map(([option]) => option);
  const unknown = options.find((option) => option !== "--help" && !known(option));
  return unknown === undefined ? null : `no option ${unknown}`;
}
