import { expect, test } from "vitest";
import { readFlags } from "../../swarm/flags.ts";
import { simulateSeeds } from "../../swarm/sim.ts";

function flagsOf(...argv: readonly string[]) {
  const reading = readFlags(argv);
  return reading.kind === "run" ? reading.flags : reading;
}

test("one seed is told event by event, many are counted", () => {
  expect(flagsOf("--seed", "7")).toEqual({
    seeds: [7, 7],
    events: true,
    minutes: null,
    json: false,
  });
  expect(flagsOf("--seeds", "1..100", "--json", "--minutes", "12")).toEqual({
    seeds: [1, 100],
    events: false,
    minutes: 12,
    json: true,
  });
});

test.each([
  [[], "Cannot run: write --seed N or --seeds A..B"],
  [["--seed", "1", "--seeds", "1..2"], "Cannot run: write --seed N or --seeds A..B"],
  [["--seed", "one"], "Cannot read the seed: write a whole number up to 2147483648: one"],
  [["--seed", "-1"], "Option '--seed' argument is ambiguous"],
  [["--seed", "1.5"], "Cannot read the seed: write a whole number up to 2147483648: 1.5"],
  [["--seed", ""], "Cannot read the seed: write a whole number up to 2147483648: "],
  [["--seeds", "5"], "Cannot read the seeds: write 1..100: 5"],
  [["--seeds", "5..4"], "Cannot read the seeds: the last is before the first: 5..4"],
  [["--seeds", "1..2..3"], "Cannot read the seeds: write 1..100: 1..2..3"],
  [["--seed", "1", "--minutes", "0"], "Cannot run for no time: write --minutes 1 or more: 0"],
  [
    ["--seed", "1", "--minutes", "99999"],
    "Cannot read the minutes: write a whole number up to 1440",
  ],
  [["--seed"], "Option '--seed <value>' argument missing"],
  [["--sed=1"], "Cannot find the flag --sed: did you mean --seed?"],
  [["seed"], "Unexpected argument 'seed'"],
])("%j is refused", (argv, because) => {
  const reading = readFlags(argv);
  expect(reading.kind === "refused" && reading.because).toContain(because);
});

/** A terminal on which nothing may be shown. */
const aside = {
  isTTY: true,
  write: () => {
    throw new Error("Cannot show progress: there is none");
  },
};

test("what cannot be understood ends with 2, and plays nothing", async () => {
  const lines: string[] = [];
  const complain = (line: string): void => {
    lines.push(line);
  };
  const write = (): void => {
    throw new Error("Cannot write: nothing was to be written");
  };
  expect(await simulateSeeds(["--seeds", "5..4"], { write, complain, aside })).toBe(2);
  expect(lines).toHaveLength(1);
});

test("--help says how it is used, and ends well", async () => {
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  expect(await simulateSeeds(["--help"], { write, complain: write, aside })).toBe(0);
  for (const flag of ["--seed", "--seeds", "--minutes", "--json"]) {
    expect(lines.join("\n")).toContain(flag);
  }
});

test("many seeds show how far they have come, and nothing of it is among the JSON", async () => {
  const written: string[] = [];
  const shown: string[] = [];
  const around = {
    write: (line: string) => written.push(line),
    complain: (line: string) => written.push(line),
    aside: { isTTY: true, write: (text: string) => shown.push(text) },
  };
  const seeds = ["--seeds", "1..2", "--minutes", "1"];
  expect(await simulateSeeds([...seeds, "--json"], around)).toBe(0);
  expect([written.every((line) => JSON.parse(line)), shown]).toEqual([true, []]);
  expect(await simulateSeeds(seeds, around)).toBe(0);
  expect(shown.join("\n")).toMatch(/0 of 2 seeds\n.*1 of 2 seeds, about .* left\n.*2 of 2 seeds/s);
});
