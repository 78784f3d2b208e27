import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Path } from "./complaint.ts";
import type { YamlFault } from "./yaml-fault.ts";

/** Finds what valid YAML may do and a configuration may not: be empty, be a list, name a key twice. */
export function findStructureFaults(contents: Node | null): readonly YamlFault[] {
  const offset = contents?.range?.[0] ?? 0;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return [fault({ offset, path: [] }, "empty", "is empty", "at least sites and groups")];
  }
  if (!isMap(contents)) {
    const what = `must be a mapping, and is ${isSeq(contents) ? "a list" : "a single value"}`;
    return [
      fault(
        { offset, path: [] },
        "not-a-mapping",
        what,
        "sites and groups as keys at the top level",
      ),
    ];
  }
  return faultsWithin(contents, []);
}

function faultsWithin(node: unknown, path: Path): readonly YamlFault[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => faultsWithin(item, [...path, index]));
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap(({ key, value }) => {
    const offset = (isScalar(key) ? key.range?.[0] : undefined) ?? node.range?.[0] ?? 0;
    if (!isScalar(key) || typeof key.value !== "string") {
      return [
        fault({ offset, path }, "key-not-text", "has a key that is not text", "names as keys"),
      ];
    }
    const here = [...path, key.value];
    if (seen.has(key.value)) {
      return [fault({ offset, path: here }, "duplicate-key", "is written twice", "it once")];
    }
    seen.add(key.value);
    return faultsWithin(value, here);
  });
}

function fault(
  at: Pick<YamlFault, "offset" | "path">,
  because: string,
  what: string,
  write: string,
): YamlFault {
  return { ...at, because, what, write };
}
