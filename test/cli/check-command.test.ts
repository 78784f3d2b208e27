import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { askAll } from "../../cli/check/ask-all.ts";
import { isGranted } from "../../cli/check/check-rights.ts";
import { ok } from "../../cli/check/finding.ts";
import { exitCodeOf, findingsDocument, renderFindings } from "../../cli/check/render-findings.ts";
import { runCommand } from "../../cli/run-command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SAMPLE = `${ROOT}geo-failover.sample.yaml`;

const heading = { group: "orders-fog", against: "simulation", as: "as somebody", at: 0 } as const;
const fine = { check: "roles", subject: "home", ...ok("primary") };
const bad = { check: "policy", subject: "home", state: "wrong", says: "no", next: "mend" } as const;
const silent = { check: "key", subject: "x", state: "unknown", says: "?", next: "ask" } as const;

describe("what a check says", () => {
  test.each([
    [[fine], 0],
    [[fine, silent], 3],
    [[fine, silent, bad], 1],
    [[], 3],
  ] as const)("exit code of %j", (findings, exitCode) => {
    expect(exitCodeOf(findings)).toBe(exitCode);
  });

  test("the table is plain text, aligned, and tells what to do", () => {
    expect(renderFindings(heading, [fine, bad, silent], false).split("\n")).toEqual([
      "orders-fog, as somebody",
      "",
      "ok       roles   home  primary",
      "WRONG    policy  home  no",
      "                       -> mend",
      "unknown  key     x     ?",
      "                       -> ask",
      "",
      "1 ok, 1 wrong, 1 unknown. Nothing was changed.",
      "",
    ]);
  });

  test("colour is for a terminal", () => {
    expect(renderFindings(heading, [bad], true)).toContain("\u001b[31mWRONG\u001b[0m");
  });

  test("the document is versioned and holds every row", () => {
    const document: unknown = JSON.parse(findingsDocument(heading, [fine, silent]));
    expect(document).toMatchObject({
      version: 1,
      group: "orders-fog",
      against: "simulation",
      at: "1970-01-01T00:00:00.000Z",
      exitCode: 3,
      counts: { ok: 1, wrong: 0, unknown: 1 },
      findings: [fine, silent],
    });
  });
});

describe("a right", () => {
  const action = "Microsoft.Sql/locations/instanceFailoverGroups/failover/action";
  test.each([
    ["everything", ["*"], [], true],
    ["a pattern", ["Microsoft.Sql/locations/*"], [], true],
    ["another case", [action.toLowerCase()], [], true],
    ["nothing", [], [], false],
    ["its neighbour", ["Microsoft.Sql/locations/instanceFailoverGroups/read"], [], false],
    ["a prefix that ends in it", ["x/Microsoft.Sql/*"], [], false],
    ["taken away again", ["*"], ["Microsoft.Sql/*/action"], false],
    ["a dot that is no dot", ["MicrosoftXSql/*"], [], false],
  ] as const)("granted by %s", (_name, actions, notActions, granted) => {
    expect(isGranted(action, [{ actions, notActions }])).toBe(granted);
  });

  test("what one role takes away another may give", () => {
    const reader = { actions: ["*"], notActions: ["*/action"] };
    expect(isGranted(action, [reader, { actions: [action], notActions: [] }])).toBe(true);
  });
});

test("a question that fails, or never ends, is unknown, and holds nobody up", async () => {
  const clock = new VirtualClock(0);
  const asking = askAll(clock, [
    { check: "a", subject: "x", ask: async () => ok("fine") },
    { check: "b", subject: "x", ask: () => new Promise(() => undefined) },
    {
      check: "c",
      subject: "x",
      ask: () => {
        throw new Error("Cannot");
      },
    },
    { check: "d", subject: "x", ask: () => new Promise(() => undefined), withinMs: 3_600_000 },
  ]);
  await clock.runUntil(60_000);
  const findings = await asking;
  expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
    "a ok",
    "b unknown",
    "c unknown",
    "d unknown",
  ]);
});

describe("check refuses", () => {
  test.each([
    [["check"], "check: 0 operands given, 1 wanted"],
    [["check", "orders-fog", "--config", "none.yaml"], "Cannot read the configuration: none.yaml"],
    [["check", "order-fog", "--config", SAMPLE], "did you mean orders-fog?"],
    [["check", "orders-fog", "--config", SAMPLE, "--site", "xyz"], "Cannot find site xyz"],
    [["check", "orders-fog", "--config", SAMPLE, "--app-principal", "me"], "must be a GUID: me"],
    [
      ["check", "orders-fog", "--simulated", "--scenario", "region-los"],
      "did you mean region-loss?",
    ],
    [["check", "orders-fog", "--simulated", "--after", "5 min"], "Cannot read a duration"],
    [["check", "orders-fog", "--simulated", "--config", "none.yaml"], "no such file: none.yaml"],
  ])("%j: %s", async (args, because) => {
    const { exitCode, stdout, stderr } = await runCommand(args, {});
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(because);
  });
});

test("as an operator runs it, on a healthy group, all is ok", { timeout: 120_000 }, () => {
  const args = ["cli/geo-failover.mjs", "check", "orders-fog", "--simulated", "--json"];
  const printed = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect(JSON.parse(printed)).toMatchObject({
    version: 1,
    exitCode: 0,
    counts: { wrong: 0, unknown: 0 },
  });
});
