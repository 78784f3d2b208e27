import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { THOROUGH } from "../support/thorough.ts";
import { plant } from "./plant.ts";
import { PLANTED, type PlantedDefect } from "./planted-defects.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function textOf(file: string): string {
  return readFileSync(`${ROOT}/${file}`, "utf8");
}

describe.each(PLANTED)("planted: $name", (defect) => {
  test("has exactly one place to go to", () => {
    const code = textOf(defect.file);
    expect(plant(code, defect)).not.toBe(code);
  });

  test("has a test that is to notice it, which the page of mutation testing names", () => {
    expect(textOf(defect.diesBy.file)).toContain(`test("${defect.diesBy.test}"`);
    const page = textOf("docs/mutation.md").replaceAll(/\s+/g, " ");
    expect(page).toContain(`| ${defect.name} | ${defect.diesBy.test} |`);
  });
});

describe("a defect whose text", () => {
  const defect = { name: "adds", text: "a + b", instead: "a - b" };

  test("is gone, or stands twice, cannot be planted", () => {
    expect(() => plant("return a * b;", defect)).toThrow("must stand at one place: adds");
    expect(() => plant("f(a + b, a + b)", defect)).toThrow("must stand at one place: adds");
    expect(plant("return a + b;", defect)).toBe("return a - b;");
  });
});

// A process for each: `npm run planted`.
describe.runIf(THOROUGH).each(PLANTED)("planted: $name", (defect) => {
  test("the named test fails, and it alone is what was run", async () => {
    expect(await runWith(defect)).toEqual([{ title: defect.diesBy.test, status: "failed" }]);
  }, 120_000);
});

const Report = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) }),
  ),
});

/** Runs the test that is to notice the defect, with the defect in place. */
async function runWith({ name, diesBy }: PlantedDefect) {
  const named = diesBy.test.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const vitest = `${ROOT}/node_modules/vitest/vitest.mjs`;
  const args = ["run", "--config", "vitest.planted.config.ts", "--reporter=json", "-t", named];
  const printed = await new Promise<string>((resolve) => {
    const env = { ...process.env, PLANTED: name };
    // Ends in failure, as it must: what it prints tells of which.
    execFile(process.execPath, [vitest, ...args], { cwd: ROOT, env }, (_, stdout) =>
      resolve(stdout),
    );
  });
  const { testResults } = Report.parse(JSON.parse(printed));
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== "skipped" && status !== "pending");
}
