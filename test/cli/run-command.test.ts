import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../cli/run-command.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SAMPLE = fileOf("geo-failover.sample.yaml");
const golden = (name: string) => readFileSync(fileOf(`test/golden/${name}`), "utf8");

const folder = mkdtempSync(join(tmpdir(), "geo-failover-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function sampleWith(from: string, to: string): string {
  const path = join(folder, "geo-failover.yaml");
  const text = readFileSync(SAMPLE, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return path;
}

const run = (...args: readonly string[]) => runCommand(args, {});

describe("the command line", async () => {
  test("rules prints the tables that were agreed on", async () => {
    expect(await run("rules")).toEqual({
      exitCode: 0,
      stdout: golden("decision-tables.txt"),
      stderr: "",
    });
  });

  test("rules --markdown prints docs/rules.md", async () => {
    expect((await run("rules", "--markdown")).stdout).toBe(
      readFileSync(fileOf("docs/rules.md"), "utf8"),
    );
  });

  test("conditions says when people are told, and --markdown prints docs/conditions.md", async () => {
    expect((await run("conditions")).stdout).toMatch(/^paused +24 h +at once/m);
    expect((await run("conditions", "--markdown")).stdout).toBe(
      readFileSync(fileOf("docs/conditions.md"), "utf8"),
    );
  });

  test("schema prints geo-failover.schema.json", async () => {
    const schema = readFileSync(fileOf("geo-failover.schema.json"), "utf8");
    expect((await run("schema")).stdout).toBe(schema);
  });

  test("help names every command", async () => {
    expect(await run("--help")).toEqual({
      exitCode: 0,
      stdout: golden("cli-help.txt"),
      stderr: "",
    });
  });

  test.each([
    [["rule"], "did you mean rules?"],
    [["config", "chek", "x.yaml"], "did you mean config check?"],
    [["nonsense"], "Unknown command nonsense"],
    [["rules", "--mardown"], "Unknown option '--mardown'"],
    [["rules", "all"], "rules: 1 operands given, 0 wanted"],
    [["config", "check"], "config check: 0 operands given, 1 wanted"],
    [["config", "check", "no-such-file.yaml"], "Cannot read the configuration: no-such-file.yaml"],
    [[], "No command was given"],
  ])("%j is refused: %s", async (args, because) => {
    const answer = await run(...args);
    expect(answer).toMatchObject({ exitCode: 2, stdout: "" });
    expect(answer.stderr).toContain(because);
  });
});

describe("config check", async () => {
  test("the sample is sound", async () => {
    const { exitCode, stdout } = await run("config", "check", SAMPLE);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/ is sound: 3 sites; orders-fog \(observe\)\n$/);
  });

  test("every problem is pointed at, and counted", async () => {
    const path = sampleWith("mode: observe #", "mode: watch #");
    const { exitCode, stdout } = await run("config", "check", path);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${path}:\\d+:\\d+ defaults\\.mode: .*\n1 problem\n$`));
  });

  test("a site that is not in the file is refused by name", async () => {
    const { exitCode, stdout } = await run("config", "check", SAMPLE, "--site", "neuu");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("write neu in GEO_FAILOVER_SITE");
  });
});
