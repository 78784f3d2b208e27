import type { ErrorCode, YAMLError } from "yaml";
import type { Path } from "./complaint.ts";
import { CLOSERS, findUnclosed, NAMES } from "./yaml-unclosed.ts";

/** What keeps a text from being a configuration before its schema is asked. */
export interface YamlFault {
  readonly offset: number;
  readonly path: Path;
  readonly because: string;
  readonly what: string;
  readonly write: string;
}

/** Pasted from a page or a letter: no key or value needs one, and a parser takes it for a letter. A comment may have it. */
const ODD_SPACE = /^[^#\n]*[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/m;
const CHARACTERS_MAX = 1_000_000;

/** Finds what is wrong with the text itself. */
export function findTextFault(text: string): YamlFault | null {
  const fault = (offset: number, because: string, what: string, write: string) => ({
    offset: Math.max(offset, 0),
    path: [],
    because,
    what,
    write,
  });
  if (text.startsWith("\uFEFF")) {
    return fault(0, "byte-order-mark", "starts with a byte order mark", "UTF-8 without one");
  }
  const unreadable = text.search(/[\uFFFD\0]/);
  if (unreadable >= 0) {
    return fault(unreadable, "not-utf-8", "is not UTF-8 text", "the file as UTF-8");
  }
  if (text.length > CHARACTERS_MAX) {
    return fault(0, "too-large", `is too large: ${text.length} characters`, "at most a million");
  }
  const odd = ODD_SPACE.exec(text);
  if (odd !== null) {
    const at = odd.index + odd[0].length - 1;
    const name = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
    return fault(
      at,
      "odd-space",
      `holds a character that only looks like a space or like nothing (U+${name})`,
      "a plain space, or nothing",
    );
  }
  const tab = /^ *\t/m.exec(text);
  if (tab !== null) {
    const offset = tab.index + tab[0].length - 1;
    return fault(offset, "tab", "is indented with a tab", "spaces instead");
  }
  return null;
}

const MAY_BE_UNCLOSED: ReadonlySet<ErrorCode> = new Set(["BAD_INDENT", "MISSING_CHAR"]);

const SYNTAX: Partial<Record<ErrorCode, readonly [because: string, what: string, write: string]>> =
  {
    TAB_AS_INDENT: ["tab", "is indented with a tab", "spaces instead"],
    MULTIPLE_DOCS: ["several-documents", "holds a second document", "one document per file"],
    TAG_RESOLVE_FAILED: ["unknown-tag", "uses a tag", "the value without a tag"],
    BAD_INDENT: [
      "syntax",
      "is indented unlike its neighbours",
      "all keys of a mapping in one column",
    ],
    MISSING_CHAR: ["syntax", "lacks a character such as a comma, a bracket or a quote", "it"],
  };

/** Puts a parser's error into words; the parser's own may quote the file, secrets and all. */
export function syntaxFault({ code, pos }: YAMLError, text: string): YamlFault {
  const open = MAY_BE_UNCLOSED.has(code) ? findUnclosed(text, pos[0]) : null;
  if (open !== null) {
    const what = `has ${NAMES[open.opener]} that is never closed`;
    return { offset: open.offset, path: [], because: "syntax", what, write: CLOSERS[open.opener] };
  }
  const [because, what, write] = SYNTAX[code] ?? [
    "syntax",
    `is not valid YAML (${code})`,
    'texts with : # { [ * & ! in quotes, such as "0 2 * * SAT"',
  ];
  return { offset: pos[0], path: [], because, what, write };
}
