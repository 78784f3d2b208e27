import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(`${ROOT}README.md`, "utf8");

/** A change of a latency moves instants; it does not make the session another one. */
const masked = (line: string) => line.replace(/\d+/g, "0");

test("the session in README.md is what its command prints, shortened", { timeout: 180_000 }, () => {
  const [command = "", ...lines] =
    /^\$ npm start -- ([\s\S]*?)\n```/m.exec(readme)?.[1]?.split("\n") ?? [];
  const args = ["--import", "tsx", "demo/main.ts", ...command.split(" ")];
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  expect({ status, stderr: stderr.slice(0, 4_000) }).toEqual({ status: 0, stderr: "" });
  expect(lines.length).toBeGreaterThan(8);
  const known = new Set(stdout.split("\n").map(masked));
  expect(lines.filter((line) => !known.has(masked(line)))).toEqual([]);
});
