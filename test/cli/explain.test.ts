import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../cli/run-command.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const run = (...args: readonly string[]) => runCommand(["explain", ...args], {});

/** Every receipt that was ever kept. */
const RECEIPTS = readdirSync(fileOf("test/receipts")).map((name) => name.replace(".json", ""));

describe("explain", () => {
  test.each(RECEIPTS)("%s reads as agreed on", async (name) => {
    const { exitCode, stdout, stderr } = await run(fileOf(`test/receipts/${name}.json`));
    expect([exitCode, stderr]).toEqual([0, ""]);
    const golden = fileOf(`test/golden/explain/${name}.txt`);
    await expect(stdout).toMatchFileSnapshot(golden);
  });

  test("what is no receipt is refused, and the others are explained all the same", async () => {
    const [first = ""] = RECEIPTS;
    const path = fileOf(`test/receipts/${first}.json`);
    const { exitCode, stdout, stderr } = await run("no-such-file.json", path);
    expect([exitCode, stderr]).toEqual([2, "Cannot explain no-such-file.json: no such file\n"]);
    expect(stdout).toContain("orders-fog");
  });
});
