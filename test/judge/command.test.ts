import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../cli/run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "geo-failover-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** As at a terminal. */
const shown: string[] = [];
const terminal = {
  colour: false,
  aside: { isTTY: true, write: (text: string) => shown.push(text) },
};
const judge = (...args: readonly string[]) => runCommand(["judge", ...args], {}, terminal);

const QUIET = { id: "Q1", title: "Nothing happens", duration_s: 60, config: {}, signals: [] };
const NEVER = { ...QUIET, id: "Q2", expected: { decision: "never" } };
const WRONG = {
  ...QUIET,
  id: "Q3",
  expected: { decision: "failover", earliest_s: 0, latest_s: 60 },
};
const BAD = { ...QUIET, id: "Q4", signals: [{ t_s: 0, source: "identity", value: "gone" }] };

describe("the command judge", () => {
  test("prints one line of JSON per incident file and then the count", async () => {
    const path = fileWith("two.json", [QUIET, NEVER]);
    const { exitCode, stdout, stderr } = await judge(path, "--json");
    const [first, second, last] = stdout.trimEnd().split("\n");
    const nothing = { decision: "never", mode: null, at_s: null, rule: null, diagnosis: null };
    expect(JSON.parse(first ?? "")).toEqual({ id: "Q1", ...nothing, expected: null, ok: null });
    expect(JSON.parse(second ?? "")).toEqual({
      id: "Q2",
      ...nothing,
      expected: { decision: "never" },
      ok: true,
    });
    expect({ last, exitCode, stderr }).toEqual({
      last: "1 passed, 0 failed",
      exitCode: 0,
      stderr: "",
    });
    expect(shown).toEqual([]);
  });

  test("prints a table for people, and ends with 1 when something came out otherwise", async () => {
    const { exitCode, stdout } = await judge(fileWith("wrong.json", [NEVER, WRONG]));
    expect(exitCode).toBe(1);
    expect(shown.splice(0).join("\n")).toMatch(
      /0 of 2 incident files\n.*1 of 2 .* left\n.*2 of 2/s,
    );
    expect(stdout).toMatch(/^ok +Q2 +never/m);
    expect(stdout).toMatch(/^FAILED +Q3 +never .*failover 0-60$/m);
    expect(stdout).toMatch(/\n1 passed, 1 failed\n$/);
  });

  test("names what is not in the format, judges the rest, and ends with 2", async () => {
    const path = fileWith("bad.json", [BAD, NEVER]);
    const { exitCode, stdout, stderr } = await judge(path, "--json");
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `Cannot judge incident file Q4: ${path}[0].signals[0].value: identity cannot be "gone"; it is one of: ok, timeout, 5xx\n`,
    );
    expect(stdout).toContain('"id":"Q2","decision":"never"');
    expect(stdout).toContain('"id":"Q4","decision":null');
    expect(stdout).toMatch(/\n1 passed, 1 failed\n$/);
  });

  test("judges one incident file alone when it is asked to", async () => {
    const path = fileWith("only.json", [QUIET, NEVER, WRONG]);
    const { exitCode, stdout } = await judge(path, "--only", "Q2");
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("Q3");
    expect(await judge(path, "--only", "Q9")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("says which file it could not read, or that it is no JSON", async () => {
    const missing = await judge(join(folder, "none.json"));
    expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
    expect(missing.stderr).toContain("none.json");
    const broken = await judge(fileWith("broken.json", "[{"));
    expect(broken).toMatchObject({ exitCode: 2 });
    expect(broken.stderr).toContain("broken.json: is no JSON");
  });

  test("judges by the policy it is given", async () => {
    const lost = ["tds_primary@A", "tds_primary@B", "tds_primary@C", "write_canary@A"].map(
      (source) => ({ t_s: 60, source, value: "timeout" }),
    );
    const signals = [...lost, { t_s: 60, source: "app_e2e", value: 0 }];
    const path = fileWith("lost.json", [{ ...QUIET, duration_s: 400, signals }]);
    const policy = fileWith("policy.yaml", "mode: approve\ngrace: PT3M\n");
    const { stdout } = await judge(path, "--json", "--config", policy);
    expect(stdout).toContain('"decision":"hold_for_approval"');
  });

  test("refuses a policy that is none", async () => {
    const path = fileWith("quiet.json", [QUIET]);
    const policy = fileWith("bad.yaml", "mode: sometimes\n");
    expect(await judge(path, "--config", policy)).toMatchObject({ exitCode: 2, stdout: "" });
  });
});
