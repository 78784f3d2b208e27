// What an instance says of its replication is kept in rows of ours: a number that they cannot hold must not get there.

import fc from "fast-check";
import { expect, test } from "vitest";
import { readReplication } from "../../../shared/azure/sql/read-rows.ts";
import { Sample, SecondaryCommit } from "../../../shared/domain/loss.ts";

const cell = fc.oneof(
  fc.constantFrom<unknown>(null, 0, "0", "-1", -1, "-60001", "9999999999999999", "1e3", 0.5, "x"),
  fc.maxSafeInteger(),
  fc.maxSafeInteger().map(String),
  fc.bigInt().map(String),
  fc.double(),
);

test("every reading of the replication can be kept", () => {
  fc.assert(
    fc.property(cell, cell, cell, (lag, age, mark) => {
      for (const row of readReplication([["orders", lag, age, mark]]) ?? []) {
        const measured = { ...row, measuredAt: 1 };
        expect(Sample.safeParse(measured).success).toBe(true);
        expect(SecondaryCommit.safeParse(measured).success).toBe(true);
      }
    }),
    { seed: 20261130, numRuns: 2_000 },
  );
});

test.each([
  ["of a commit a moment ahead of the clock that reads it", [0, "-3", "1"], { lastCommitAgeMs: 0 }],
  ["of a commit of the far future", [0, "-60001", "1"], { lastCommitAgeMs: null }],
  ["of a lag below zero", [-5, "10", "1"], { lagSeconds: null }],
] as const)("%s is read so", (_, cells, read) => {
  expect(readReplication([["orders", ...cells]])).toMatchObject([read]);
});
