import { withinBands } from "./bands.ts";
import { settled } from "./chance.ts";
import { isObject, type Json } from "./json.ts";
import { masked } from "./masks.ts";

export type Comparison =
  | { kind: "same" }
  | { kind: "different"; at: string; expected: Json | undefined; actual: Json | undefined };

/**
 * Compares one answer with every run of the real host and keeps the run it comes closest to. What lies
 * at a path in `except` is left out.
 */
export function compare(
  probe: string,
  actual: Json,
  runs: readonly Json[],
  except: readonly string[] = [],
): Comparison {
  let closest: Comparison | null = null;
  for (const run of runs) {
    const found = firstDifference(normal(probe, run), normal(probe, actual), "", except);
    if (found.kind === "same") return found;
    if (closest === null || depth(found) > depth(closest)) closest = found;
  }
  return closest ?? { kind: "different", at: "", expected: undefined, actual };
}

function normal(probe: string, answer: Json): Json {
  return masked(settled(probe, withinBands(probe, answer)));
}

/** A difference in the details says that all that was observed is the same. */
function depth(comparison: Comparison): number {
  return comparison.kind === "different" && comparison.at.startsWith("details") ? 1 : 0;
}

/** The first path, observations first, at which two values part. */
function firstDifference(
  expected: Json | undefined,
  actual: Json | undefined,
  path: string,
  except: readonly string[],
): Comparison {
  if (except.includes(path)) return { kind: "same" };
  const inside = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const [left, right] = [membersOf(expected), membersOf(actual)];
  if (left !== null && right !== null && Array.isArray(expected) === Array.isArray(actual)) {
    const keys = [...new Set([...left.keys(), ...right.keys()])];
    if (path === "") keys.sort().reverse();
    for (const key of keys) {
      const found = firstDifference(left.get(key), right.get(key), inside(key), except);
      if (found.kind === "different") return found;
    }
    return { kind: "same" };
  }
  return Object.is(expected, actual)
    ? { kind: "same" }
    : { kind: "different", at: path, expected, actual };
}

function membersOf(json: Json | undefined): ReadonlyMap<string, Json> | null {
  if (Array.isArray(json)) return new Map(json.map((item, index) => [String(index), item]));
  return isObject(json) ? new Map(Object.entries(json)) : null;
}
