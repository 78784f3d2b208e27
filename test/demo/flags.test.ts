import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFlags } from "../../demo/flags.ts";
import { npmStart } from "./play.ts";

const NAMES = ["region-loss", "blip-43s"];

function flagsOf(...argv: readonly string[]) {
  const reading = readFlags(argv, NAMES);
  return reading.kind === "run" ? reading.flags : reading;
}

describe("what is not said", () => {
  it("without flags the loss of a region is shown at sixty times life, and served", () => {
    expect(flagsOf()).toEqual({
      scenario: "region-loss",
      speed: 60,
      mode: null,
      config: null,
      bundle: false,
      exit: false,
      json: false,
      seed: 1,
      port: 7071,
    });
  });

  it("a document for a program waits for nothing and serves nothing", () => {
    expect(flagsOf("--json", "--exit")).toMatchObject({ speed: "max", port: null });
    expect(flagsOf("--json", "--exit", "--speed", "60")).toMatchObject({ speed: 60, port: 7071 });
    expect(flagsOf("--json", "--exit", "--port", "0")).toMatchObject({ speed: "max", port: 0 });
    expect(flagsOf("--json")).toMatchObject({ speed: 60, port: 7071 });
  });
});

describe("what cannot be understood", () => {
  it.each([
    [
      ["--scenario", "region-los"],
      "Cannot find the scenario region-los: did you mean region-loss?",
    ],
    [["--scenario", "zebra"], "Cannot find the scenario zebra: see npm start -- --list"],
    [["--sceanrio", "blip-43s"], "Cannot find the flag --sceanrio: did you mean --scenario?"],
    [["--sped=4"], "Cannot find the flag --sped: did you mean --speed?"],
    [["--speed", "0"], "Cannot run at this speed: write a number above zero or max: 0"],
    [["--speed", "fast"], "Cannot run at this speed: write a number above zero or max: fast"],
    [["--mode", "automatc"], "Cannot run in this mode: write automatic: automatc"],
    [["--seed", "1.5"], "Cannot read the seed: write a whole number up to 2147483648: 1.5"],
    [["--port", "99999"], "Cannot read the port: write a whole number up to 65000: 99999"],
  ])("%j", (argv, message) => {
    const reading = readFlags(argv, NAMES);
    expect(reading.kind).toBe("refused");
    expect(reading.kind === "refused" && reading.message).toContain(message);
  });

  it("a word that is no flag, and a flag without its value, are refused", () => {
    expect(readFlags(["region-loss"], NAMES).kind).toBe("refused");
    expect(readFlags(["--scenario"], NAMES).kind).toBe("refused");
  });

  it("it ends with 2 and prints nothing on stdout", async () => {
    const { code, out, error } = await npmStart("--scenario", "blip");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain("blip");
  });

  it("a configuration that is not there, or is wrong, ends with 2 and says where", async () => {
    const missing = await npmStart("--config", "no-such.yaml", "--exit");
    expect(missing.code).toBe(2);
    expect(missing.error).toContain("no such file: no-such.yaml");
    const folder = await mkdtemp(join(tmpdir(), "geo-failover-"));
    const path = join(folder, "mine.yaml");
    await writeFile(path, "sites: []\n");
    const wrong = await npmStart("--config", path, "--exit").finally(() =>
      rm(folder, { recursive: true }),
    );
    expect(wrong.code).toBe(2);
    expect(wrong.error).toContain("mine.yaml:1:");
  });
});

it("--list names every scenario with its title, --help every flag", async () => {
  const list = await npmStart("--list");
  expect(list.code).toBe(0);
  for (const name of [
    "region-loss",
    "blip-43s",
    "wan-partition",
    "vault-unreachable",
    "storage-gray",
  ]) {
    expect(list.out).toMatch(new RegExp(`^${name} +\\S`, "m"));
  }
  const help = await npmStart("--help");
  expect(help.code).toBe(0);
  for (const flag of [
    "scenario",
    "speed",
    "mode",
    "config",
    "seed",
    "port",
    "json",
    "exit",
    "list",
  ]) {
    expect(help.out).toContain(`--${flag}`);
  }
});
