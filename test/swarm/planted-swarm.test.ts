import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { plant } from "../mutation/plant.ts";
import { THOROUGH } from "../support/thorough.ts";
import { DEFECTS, type SwarmDefect } from "./defects.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

test.each(DEFECTS)("$name: has its places to go to", ({ name, places }) => {
  for (const place of places) {
    const code = readFileSync(`${ROOT}/${place.file}`, "utf8");
    expect(plant(code, { name, ...place })).not.toBe(code);
  }
});

test("docs/swarm.md has a line for each, and no other", () => {
  const page = readFileSync(`${ROOT}/docs/swarm.md`, "utf8");
  const lines = page.slice(page.indexOf("| what goes wrong |")).trimEnd().split("\n").slice(2);
  expect(lines).toEqual(DEFECTS.map((each) => `| ${each.name} | ${each.breaks} | ${each.seed} |`));
});

// A process for each, and up to two hundred seeds: `npm run planted:swarm`.
describe.runIf(THOROUGH)("the swarm finds", () => {
  test.each(DEFECTS)(
    "$name",
    async (defect) => {
      const found = await hunt(defect);
      process.stdout.write(`${defect.name}: seed ${found?.seed}, ${found?.breaches[0]}\n`);
      expect(found).not.toBeNull();
    },
    60 * 60_000,
  );
});

const Found = z.object({ seed: z.number(), breaches: z.array(z.string()) });
const Report = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ meta: z.object({ found: Found.optional() }) })),
    }),
  ),
});

/** The first seed that breaks an invariant with the defect in place. */
async function hunt({ name }: SwarmDefect): Promise<z.infer<typeof Found> | null> {
  const vitest = `${ROOT}/node_modules/vitest/vitest.mjs`;
  const args = ["run", "--config", "vitest.planted.config.ts", "--reporter=json"];
  const env = { ...process.env, PLANTED_SWARM: name };
  const printed = await new Promise<string>((resolve) => {
    execFile(process.execPath, [vitest, ...args], { cwd: ROOT, env }, (_, stdout) =>
      resolve(stdout),
    );
  });
  const results = Report.parse(JSON.parse(printed)).testResults;
  const [found] = results.flatMap((file) => file.assertionResults.map(({ meta }) => meta.found));
  return found ?? null;
}
