import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

test("README shows the example as it stands, and what it prints", async () => {
  const readme = await readFile(file("README.md"), "utf8");
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const example = file("examples/restart.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", tsx, example]);
  expect(stdout).toContain("hello, world");
  expect(readme).toContain(
    `\`\`\`ts\n${await readFile(example, "utf8")}\`\`\`\n\n\`\`\`\n${stdout}\`\`\``,
  );
});

test("README names every import that the package offers, and no other", async () => {
  const readme = await readFile(file("README.md"), "utf8");
  const { exports } = JSON.parse(await readFile(file("package.json"), "utf8"));
  const offered = Object.keys(exports).map((path) => path.replace(/^\./, "functions-host"));
  const table = readme.slice(readme.indexOf("| import | is |"));
  const rows = table.slice(0, table.indexOf("\n\n")).split("\n").slice(2);
  const named = rows.flatMap((row) => row.split("|")[1]?.match(/[\w/-]+/g) ?? []);
  expect(named.sort()).toEqual(offered.sort());
});
