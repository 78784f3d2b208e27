import { expect, test } from "vitest";
import { nameSecondary } from "../../shared/policy/evidence/name-secondary.ts";

const error = (number: number | null, said = "ELOGIN") => ({
  because: "error" as const,
  number,
  said,
});

test.each([
  ["was answered", null, "answers"],
  ["was refused our login", error(18456), "answers"],
  ["was told to wait for row versions", error(4221), "answers"],
  ["was told that the database cannot be opened by us", error(4060), "answers"],
  ["was told that the database is read-only", error(3906), "answers"],
  ["was told of failing storage", error(823), "silent"],
  ["was refused with a number that nobody knows", error(99999), "unknown"],
  ["was answered with an error without a number", error(null), "unknown"],
  ["met somebody who speaks no TDS", error(null, "EPROTOCOL"), "unknown"],
  ["timed out", { because: "timeout" }, "silent"],
  ["found no way there", { because: "unreachable" }, "silent"],
  ["was cut in the login", error(233), "silent"],
  ["was told that the database is not available", error(40613), "silent"],
  ["found no name", { because: "no-name" }, "unknown"],
  ["had no token", { because: "no-token" }, "unknown"],
  ["was told that a name was not resolved", error(11001), "unknown"],
] as const)("a question that %s (%o): %s", (_, failure, named) => {
  expect(nameSecondary(failure)).toBe(named);
});
