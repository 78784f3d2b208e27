import type { Least } from "./find-faults.ts";

/** A part of the code that is mutated by itself. */
export interface Area {
  /** Globs of what is mutated. */
  readonly mutate: readonly string[];
  /** Globs of the quick tests that speak of it. */
  readonly tests: readonly string[];
  /** Of those the slow ones: they would kill more, at a second or more for every mutant; and those that read the source itself. */
  readonly leftOut: readonly string[];
  readonly least: Least;
}

const AREAS: Readonly<Record<string, Area>> = {
  policy: {
    mutate: ["shared/policy/**/*.ts"],
    tests: ["test/policy/*.test.ts"],
    leftOut: [
      "test/policy/conditions-any.test.ts",
      "test/policy/exhaustive-bites.test.ts",
      "test/policy/exhaustive.test.ts",
      "test/policy/invariants.test.ts",
      "test/policy/laws-of-lasting.test.ts",
      "test/policy/metamorphic.test.ts",
      "test/policy/noise.test.ts",
      // It reads the comments of the rows, which a mutated file has lost.
      "test/policy/order-of-rows.test.ts",
    ],
    least: { score: 92, mutants: 2_500 },
  },
  ledger: {
    mutate: ["shared/ledger/**/*.ts"],
    tests: ["test/ledger/*.test.ts"],
    leftOut: [],
    least: { score: 85, mutants: 1_200 },
  },
  functions: {
    mutate: [
      "functions/activities/**/*.ts",
      "functions/deciding/**/*.ts",
      "functions/keeping/**/*.ts",
    ],
    tests: [
      "test/functions/activities/*.test.ts",
      "test/functions/deciding/*.test.ts",
      "test/functions/keeping/*.test.ts",
      "test/functions/triggers/pause.test.ts",
    ],
    leftOut: ["test/functions/activities/pause-against-post.test.ts"],
    least: { score: 85, mutants: 2_000 },
  },
};

/** Throws, and says what there is, for any other name. */
export function findArea(name: string | undefined): Area {
  const area = new Map(Object.entries(AREAS)).get(name ?? "");
  if (area !== undefined) return area;
  const known = Object.keys(AREAS).join(", ");
  throw new Error(`Cannot mutate: say which area, one of ${known}: ${name ?? "none was given"}`);
}
