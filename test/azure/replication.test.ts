import { expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";

test.each([
  ["CATCH_UP", "following"],
  ["Synchronizing", "following"],
  ["SEEDING", "seeding"],
  ["PENDING", "pending"],
  ["SUSPENDED", "suspended"],
  ["FailoverInProgress", "moving"],
  ["Failover in progress", "moving"],
  ["Failing over", "moving"],
])("%s is %s", (said, kind) => expect(replicationOf(said)).toEqual({ kind, said }));

test.each(["NOT_SYNCHRONIZING", "CATCH_UP_PENDING", "SEEDED", "UNSUSPENDED", "Resuming", "2"])(
  "a word is known whole or not at all: %s",
  (said) => expect(replicationOf(said)).toEqual({ kind: "other", said }),
);

test.each([null, "", "<b>CATCH_UP</b>"])("what is no word says nothing: %s", (word) =>
  expect(replicationOf(word)).toEqual({ kind: "other", said: "no word" }),
);
