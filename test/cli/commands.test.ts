import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { runCommand } from "../../cli/run-command.ts";
import packageJson from "../../package.json" with { type: "json" };
import { ROOT, readTree, sourceFile } from "../tidy/source-file.ts";
import { checkCommands } from "./command-mentions.ts";

describe("every command that is named", () => {
  test("in a page or by the code is one that exists, with its options", () => {
    expect(checkCommands(readTree())).toEqual([]);
  });

  test.each([
    "`npm run lnit`",
    "npm run --silent ruels -- --markdown",
    "npm start -- --scenarios calm",
    "`npx vitset test/policy`",
    "npx tsx cli/dogs.ts",
    "npx geo-failover explane receipt.json",
    "npx geo-failover config chek FILE",
    "npx geo-failover why GROUP --live",
    "`geo-failover check`",
    "$ geo-failover check orders-fog",
    ".ci/okay lint",
  ])("is missed where it does not: %s", (text) => {
    expect(
      checkCommands([sourceFile("docs/x.md", `Try ${text}`.replace("Try $", "$"))]),
    ).toHaveLength(1);
  });

  test("runs as the pages write it", () => {
    const bin = packageJson.bin["geo-failover"];
    const { status, stdout } = spawnSync(`${ROOT}${bin}`, ["--help"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: npx geo-failover COMMAND");
  });
});

test.each(COMMANDS.map((command) => [command.words, command] as const))(
  "%s --help tells every option",
  async (words, { options }) => {
    const { stdout } = await runCommand([...words.split(" "), "--help"], {});
    for (const option of Object.keys(options)) expect(stdout).toContain(`--${option}`);
  },
);
