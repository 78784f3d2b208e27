import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../cli/run-command.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const receipt = (name: string) => fileOf(`test/receipts/${name}.json`);
const run = (...args: readonly string[]) => runCommand(["replay", ...args], {});

const folder = mkdtempSync(join(tmpdir(), "geo-failover-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A receipt with one thing changed by hand. */
function changed(name: string, change: (json: Record<string, object>) => object): string {
  const json = JSON.parse(readFileSync(receipt(name), "utf8"));
  return write("changed.json", JSON.stringify({ ...json, ...change(json) }));
}

/** Every decision that was ever kept. A release that decides one otherwise says so here. */
const DECIDED = readdirSync(fileOf("test/receipts"))
  .filter((name) => !name.startsWith("failover-"))
  .map((name) => name.replace(".json", ""));

describe("replay", () => {
  test.each(DECIDED)("%s is decided as it was when it was written", async (name) => {
    const { exitCode, stdout } = await run(receipt(name));
    expect([exitCode, stdout.split("\n")[0]?.split(": ")[1]]).toEqual([0, "same"]);
  });

  test("of several receipts counts how many are the same", async () => {
    const { exitCode, stdout } = await run(receipt("grace"), receipt("primary-lost"));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n2 same, 0 different\n$/);
  });

  test("a decision that comes out otherwise is named part by part", async () => {
    const path = changed("grace", ({ decision }) => ({
      decision: {
        ...decision,
        rule: "primary-lost",
        verdict: "fail-over",
        kind: "forced",
      },
    }));
    const { exitCode, stdout } = await run(path);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("verdict: fail-over, forced → hold\n");
    expect(stdout).toContain("rule: primary-lost → grace\n");
  });

  test("a guard that comes out otherwise is named", async () => {
    const path = changed("key-denied", ({ facts }) => ({
      facts: { ...facts, keyPath: { kind: "not-needed" } },
    }));
    const { exitCode, stdout } = await run(path);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      "guard key-denied: closed: key-denied ageMs=9764 answer=AkvKeyAccessDenied → open\n",
    );
    expect(stdout).toContain("verdict: ask → hold\n");
  });

  test("lines of JSON are read one by one, and a bad line is named", async () => {
    const lines = [receipt("grace"), receipt("blip")].map((path) =>
      JSON.stringify(JSON.parse(readFileSync(path, "utf8"))),
    );
    const path = write("export.jsonl", `${lines.join("\n")}\n{\n`);
    const { exitCode, stdout, stderr } = await run(path);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("2 same, 0 different");
    expect(stderr).toBe(`Cannot replay ${path}:3: it is not JSON\n`);
  });

  test("--json is one object on a line for each receipt", async () => {
    const { stdout } = await run(receipt("grace"), receipt("failover-forced"), "--json");
    const [first, second] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      outcome: "same",
      group: "orders-fog",
      was: { verdict: "hold", rule: "grace" },
      now: { verdict: "hold", rule: "grace" },
      differences: [],
    });
    expect(second).toMatchObject({ outcome: "no-decision" });
  });
});

describe("replay of what is no receipt", () => {
  test.each([
    ["no file", () => join(folder, "none.json"), "no such file"],
    ["no JSON", () => write("x.json", "decision: hold"), "it is not JSON"],
    ["another document", () => write("x.json", '{"kind":"decision"}'), "it is no receipt: version"],
    ["null", () => write("x.json", "null"), "it is no receipt"],
    [
      "a version of a newer release",
      () => changed("grace", () => ({ version: 2 })),
      "it is a decision receipt of version 2, and this release reads 1:",
    ],
    [
      "a field of a newer release",
      () => changed("grace", ({ facts }) => ({ facts: { ...facts, moon: "full" } })),
      "this release does not know the field facts.moon",
    ],
    [
      "a receipt that was cut",
      () => changed("grace", () => ({ facts: {} })),
      "it is no sound receipt: facts.version",
    ],
    ["the receipt of a failover", () => receipt("failover-forced"), "nothing was decided in it"],
  ])("%s is refused", async (_, path, because) => {
    const { exitCode, stdout, stderr } = await run(path());
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(because);
  });
});

describe("replay under another policy", () => {
  const POLICY = readFileSync(fileOf("geo-failover.sample.yaml"), "utf8");
  const policyWith = (from: RegExp, to: string) => {
    expect(POLICY).toMatch(from);
    return write("policy.yaml", POLICY.replace(from, to));
  };

  test("says what would have happened: in observe mode nothing", async () => {
    const path = policyWith(/mode: \w+/, "mode: observe");
    const { exitCode, stdout } = await run(receipt("primary-lost"), "--config", path);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("now  hold, by ");
    expect(stdout).toContain(`now is by the policy in ${path}`);
  });

  test("a group that is not in it has to be named", async () => {
    const path = policyWith(/name: orders-fog/, "name: shop-fog");
    const unnamed = await run(receipt("primary-lost"), "--config", path);
    expect([unnamed.exitCode, unnamed.stderr]).toEqual([
      2,
      expect.stringContaining("no group orders-fog in the configuration"),
    ]);
    const named = await run(receipt("primary-lost"), "--config", path, "--group", "shop-fog");
    expect(named.exitCode).toBe(1);
  });

  test("a configuration with an error is a misuse, told as config check tells it", async () => {
    const path = policyWith(/mode: \w+/, "mode: watch");
    const { exitCode, stderr } = await run(receipt("grace"), "--config", path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("defaults.mode");
  });

  test("--group alone is a misuse", async () => {
    const { exitCode, stderr } = await run(receipt("grace"), "--group", "orders-fog");
    expect([exitCode, stderr.split("\n")[0]]).toEqual([
      2,
      "replay: --group names a group of --config, and none was given",
    ]);
  });
});
