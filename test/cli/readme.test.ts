import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fillSession, playSession } from "../../cli/fill-session.ts";
import { THOROUGH } from "../support/thorough.ts";

// It plays three hours of three sites: part of `npm run ok` and of continuous integration, by `npm run smoke`.
test.runIf(THOROUGH)(
  "the session in README.md is what its command prints: npm run docs writes it",
  {
    timeout: 600_000,
  },
  () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const printed = playSession(readme);
    expect(printed).toContain("region-loss, seed 1: as expected");
    expect(fillSession(readme, printed)).toBe(readme);
  },
);

test("a run that lacks a line of the session fills nothing", () => {
  expect(() => fillSession("", "09:04:00  world  ! region-dark westeurope")).toThrow(
    "Cannot fill the session: no line is like",
  );
});
