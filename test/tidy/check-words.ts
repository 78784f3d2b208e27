import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

/** Joined here so that this file does not break its own rules. */
const word = (...parts: readonly string[]): string => parts.join("");

const PROMISES = new RegExp(word("\\b(TO", "DO|FIX", "ME|XX", "X|HA", "CK)\\b"), "g");
const SILENCED = new RegExp(word("@ts-", "(ignore|expect-error|nocheck)"), "g");
const CAST = /\bas\s+unknown\s+as\b|\bas\s+any\b/g;
const MACHINE = new RegExp(
  word("(?<![\\w.])/(ho", "me|Us", "ers|ro", "ot|wo", "rk)/[\\w.]|\\b[A-Z]:\\\\Us", "ers"),
  "g",
);
const REGISTRY = new RegExp(word("\\bregis", 'try\\.[a-z0-9-]+\\.|"resol', 'ved": *"http'), "g");
/** An unforeseen kind is `x satisfies never`, and nothing else. */
const OTHER_NEVER = /\bconst\s+\w+\s*:\s*never\b|\(\s*\w+\s*:\s*never\s*\)/g;
const DEFAULT_EXPORT = /\bexport\s+default\b|\bas\s+default\b/g;

interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  readonly files: RegExp;
  readonly except: RegExp;
  readonly in: "text" | "code";
}

const NOWHERE = /^$/;
const NOT_OURS = /^(test\/recorded|packages\/functions-host\/conformance\/(answers|apps))\//;
const CODE = /\.ts$/;
const BANS: readonly Ban[] = [
  { what: "a promise", pattern: PROMISES, files: /./, except: NOT_OURS, in: "text" },
  { what: "a silenced check", pattern: SILENCED, files: CODE, except: NOWHERE, in: "text" },
  { what: "a cast past the types", pattern: CAST, files: CODE, except: NOWHERE, in: "code" },
  {
    what: "a default export",
    pattern: DEFAULT_EXPORT,
    files: CODE,
    except: /^vitest(\.(mutate|planted))?\.config\.ts$/,
    in: "code",
  },
  {
    what: "another style of never",
    pattern: OTHER_NEVER,
    files: CODE,
    except: NOWHERE,
    in: "code",
  },
  { what: "a path of one machine", pattern: MACHINE, files: /./, except: NOT_OURS, in: "text" },
  { what: "a registry's address", pattern: REGISTRY, files: /./, except: NOT_OURS, in: "text" },
];

/** Words that must not stand in what is kept. */
export function checkWords(files: readonly SourceFile[]): readonly Breach[] {
  return BANS.flatMap((ban) =>
    files
      .filter(({ path }) => ban.files.test(path) && !ban.except.test(path))
      .flatMap((file) =>
        [...file[ban.in].matchAll(ban.pattern)].map(
          ({ index, 0: found }) =>
            `${file.path}:${lineAt(file.text, index)} holds ${ban.what}: ${found}`,
        ),
      ),
  );
}
