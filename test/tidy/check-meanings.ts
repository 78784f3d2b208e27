import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

/** A word that means something else here (docs/glossary.md), and what to write where it does not. */
interface Banned {
  readonly word: RegExp;
  /** Where the word may not stand: in the code of these files, or in their names. */
  readonly files: RegExp;
  readonly in: "code" | "name";
  readonly write: string;
}

const CODE = /^(shared|functions|orchestrations|judge|demo|swarm|cli|bench|test)\/.*\.ts$/;
/** Not yet in `simulator/`, whose files are still to be renamed. */
const NAMED = /^(?!(test\/)?simulator\/).*\.ts$/;

const BANNED: readonly Banned[] = [
  {
    word: /(?<![.\w])call\s*\(/g,
    files: /^orchestrations\//,
    in: "code",
    write: "run: a call is a person's request to fail over",
  },
  {
    word: /(?<![.\w])pause\s*\(/g,
    files: /^orchestrations\//,
    in: "code",
    write: "sleep: a pause is a person's order",
  },
  { word: /\bAsked\b/g, files: CODE, in: "code", write: "Question: an ask requests an approval" },
  { word: /\bremindedAt\b/g, files: CODE, in: "code", write: "consideredAt: nobody is reminded" },
  {
    word: /scenario/gi,
    files: /^(judge|test\/judge)\//,
    in: "code",
    write: "incident file: a scenario is what the demo plays",
  },
  { word: /\bfaces?\b/g, files: NAMED, in: "name", write: "what it is: a port, a service, a wire" },
];

/** Words that stand where they would have a second meaning. */
export function checkMeanings(files: readonly SourceFile[]): readonly Breach[] {
  return BANNED.flatMap((banned) =>
    files
      .filter(({ path }) => banned.files.test(path))
      .flatMap(({ path, code }) => {
        const text = banned.in === "name" ? path : code;
        return [...text.matchAll(banned.word)].map(({ index, 0: found }) => {
          const at = banned.in === "name" ? path : `${path}:${lineAt(code, index)}`;
          return `${at} says ${found.trim()}; write ${banned.write}`;
        });
      }),
  );
}
