import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError } from "../../shared/config/config-error.ts";
import { loadConfig } from "../../shared/config.ts";
import { change, VALID } from "./fixture.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geo-failover-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function becausesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ because }) => because);
    throw error;
  }
  return [];
}

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("the environment names the file and the site", () => {
  const GEO_FAILOVER_CONFIG = written("good.yaml", VALID);
  expect(loadConfig({ GEO_FAILOVER_CONFIG, GEO_FAILOVER_SITE: "weu" }).self.name).toBe("weu");
});

test("a process that does not say which site it is does not start", () => {
  expect(becausesOf({ GEO_FAILOVER_CONFIG: written("good.yaml", VALID) })).toEqual([
    "unknown-self",
  ]);
});

test("a file that is not there", () => {
  expect(becausesOf({ GEO_FAILOVER_CONFIG: join(folder, "nowhere.yaml") })).toEqual(["unreadable"]);
});

test("a file in another encoding", () => {
  const latin = Buffer.from(change(VALID, "orders }", "ordrés }"), "latin1");
  expect(becausesOf({ GEO_FAILOVER_CONFIG: written("latin.yaml", latin) })).toEqual(["not-utf-8"]);
  const wide = Buffer.from(`\uFEFF${VALID}`, "utf16le");
  expect(becausesOf({ GEO_FAILOVER_CONFIG: written("wide.yaml", wide) })).toEqual(["not-utf-8"]);
});

test("a file with a byte order mark", () => {
  const GEO_FAILOVER_CONFIG = written("marked.yaml", `\uFEFF${VALID}`);
  expect(becausesOf({ GEO_FAILOVER_CONFIG })).toEqual(["byte-order-mark"]);
});
