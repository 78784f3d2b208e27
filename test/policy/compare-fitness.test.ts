import { describe, expect, test } from "vitest";
import { compareFitness, type Size } from "../../shared/policy/evidence/compare-fitness.ts";

const size = (change: Partial<Size> = {}): Size => ({
  tier: "BusinessCritical",
  vCores: 8,
  storageGb: 1024,
  databaseFormat: "SQLServer2022",
  ...change,
});

describe("compareFitness()", () => {
  test.each<[string, Partial<Size>]>([
    ["the same", {}],
    ["more vCores and storage", { vCores: 16, storageGb: 2048 }],
    ["vCores it does not tell", { vCores: null }],
    ["storage it does not tell", { storageGb: null }],
    ["an update policy it does not tell", { databaseFormat: null }],
  ])("a secondary with %s is fit", (_, change) =>
    expect(compareFitness(size(), size(change))).toEqual({ kind: "fit" }),
  );

  test.each<[string, Partial<Size>]>([
    ["tier-differs", { tier: "GeneralPurpose" }],
    ["fewer-vcores", { vCores: 7 }],
    ["less-storage", { storageGb: 1023 }],
    ["update-policy-differs", { databaseFormat: "AlwaysUpToDate" }],
  ])("unfit: %s", (because, change) =>
    expect(compareFitness(size(), size(change))).toEqual({ kind: "unfit", because }),
  );

  test("what the primary did not tell does not count against the secondary", () => {
    const silent = size({ vCores: null, storageGb: null, databaseFormat: null });
    expect(compareFitness(silent, size())).toEqual({ kind: "fit" });
  });
});
