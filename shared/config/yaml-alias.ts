import { type Alias, type Document, visit } from "yaml";
import type { YamlFault } from "./yaml-fault.ts";

/** Far more than a configuration needs, far less than an alias bomb asks for. */
export const ALIASES_MAX = 100;

/** Finds aliases without their anchor, and too many of them. */
export function findAliasFaults(document: Document.Parsed): readonly YamlFault[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      aliases.push(alias);
    },
  });
  const offsetOf = (alias: Alias | undefined) => alias?.range?.[0] ?? 0;
  // Counted first: resolving one walks through the whole document.
  if (aliases.length > ALIASES_MAX) return [aliasBomb(offsetOf(aliases[ALIASES_MAX]))];
  return aliases
    .filter((alias) => alias.resolve(document) === undefined)
    .map((alias) => ({
      offset: offsetOf(alias),
      path: [],
      because: "unknown-alias",
      what: "uses an anchor that is not set above",
      write: "the value itself",
    }));
}

/** A file whose anchors are used so often that reading it would never end. */
export function aliasBomb(offset: number): YamlFault {
  const what = "uses its anchors too often";
  return { offset, path: [], because: "alias-bomb", what, write: "shared settings under defaults" };
}
