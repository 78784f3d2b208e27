import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import { type Complaint, formatPath, type Path } from "./complaint.ts";
import type { Problem } from "./config-error.ts";
import { ALIASES_MAX, aliasBomb, findAliasFaults } from "./yaml-alias.ts";
import { findTextFault, syntaxFault, type YamlFault } from "./yaml-fault.ts";
import { findStructureFaults } from "./yaml-structure.ts";

interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML file as plain values that still know where they were written. */
export interface YamlSource {
  readonly value: unknown;
  /** Where a path is, or where its closest parent is when it was not written. */
  positionOf(path: Path, on: Complaint["on"]): Position;
}

export type YamlReading =
  | { readonly kind: "read"; readonly source: YamlSource }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Reads one YAML document whose top level is a mapping. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const early = findTextFault(text);
  if (early !== null) {
    // Nothing was parsed, so that the counter knows no lines yet.
    const before = text.slice(0, early.offset).split("\n");
    const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return { kind: "refused", problems: [problemOf(early, position)] };
  }
  const parsed = parse(text, lines);
  if (parsed.kind === "refused") {
    const problems = parsed.faults.map((fault) => problemOf(fault, at(lines, fault.offset)));
    return { kind: "refused", problems };
  }
  const { contents, value } = parsed;
  const positionOf: YamlSource["positionOf"] = (path, on) =>
    at(lines, offsetOf(contents, path, on, parsed.resolve));
  return { kind: "read", source: { value, positionOf } };
}

type Parsed =
  | {
      readonly kind: "parsed";
      readonly contents: Node;
      readonly value: unknown;
      readonly resolve: (node: unknown) => unknown;
    }
  | { readonly kind: "refused"; readonly faults: readonly YamlFault[] };

function parse(text: string, lineCounter: LineCounter): Parsed {
  // Duplicate keys are found by our own walk, which knows their paths.
  const options = { lineCounter, prettyErrors: false, uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0)
    return { kind: "refused", faults: errors.map((error) => syntaxFault(error, text)) };
  const { contents } = document;
  const structure = [...findStructureFaults(contents), ...findAliasFaults(document)];
  if (contents === null || structure.length > 0) return { kind: "refused", faults: structure };
  const resolve = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { kind: "parsed", contents, value, resolve };
  } catch {
    // Every alias is known by now: what is left to throw is that they multiply.
    return { kind: "refused", faults: [aliasBomb(contents.range?.[0] ?? 0)] };
  }
}

function offsetOf(
  contents: Node,
  path: Path,
  on: Complaint["on"],
  resolve: (node: unknown) => unknown,
): number {
  let offset = contents.range?.[0] ?? 0;
  let node: unknown = contents;
  for (const [depth, step] of path.entries()) {
    const parent = resolve(node);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) return offset;
      const wanted = on === "key" && depth === path.length - 1 ? pair.key : pair.value;
      node = wanted;
    } else if (isSeq(parent) && typeof step === "number") {
      node = parent.items[step];
    }
    if (!isNode(node)) return offset;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function problemOf(fault: YamlFault, position: Position): Problem {
  const path = formatPath(fault.path);
  const message = `${fault.what}; write ${fault.write}`;
  return { ...position, path, because: fault.because, message };
}
