import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../../cli/run-command.ts";
import { ConfigError } from "../../shared/config/config-error.ts";
import { loadConfig } from "../../shared/config.ts";
import { change, SECOND_GROUP, VALID } from "./fixture.ts";

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

describe("mode approve without a webhook, so that nobody could ever answer", () => {
  const APPROVE = change(VALID, "mode: automatic", "mode: approve");
  const start = (name: string, text: string, env: Record<string, string> = {}) =>
    becausesOf({ GEO_FAILOVER_CONFIG: written(name, text), GEO_FAILOVER_SITE: "weu", ...env });

  test("does not start", () => {
    expect(start("approve.yaml", APPROVE)).toEqual(["approve-without-webhook"]);
  });

  test("nor where one group of two asks", () => {
    const one = change(
      VALID + SECOND_GROUP,
      "database: billing }",
      "database: billing }\n    mode: approve",
    );
    expect(start("one.yaml", one)).toEqual(["approve-without-webhook"]);
  });

  test("starts with one, and in the other modes without", () => {
    const notify = "notify: { webhook: env:HOOK }\n";
    expect(start("told.yaml", APPROVE + notify, { HOOK: "https://hooks.example.net/1" })).toEqual(
      [],
    );
    expect(start("observe.yaml", change(VALID, "mode: automatic", "mode: observe"))).toEqual([]);
    expect(start("automatic.yaml", VALID)).toEqual([]);
  });

  test("is told once where its variable is not set, and by what is wrong", () => {
    expect(start("unset.yaml", `${APPROVE}notify: { webhook: env:HOOK }\n`)).toEqual([
      "secret-missing",
    ]);
  });

  test.each(["config check", "check orders-fog --config"])("is refused by %s", async (words) => {
    const path = written("checked.yaml", APPROVE);
    const { exitCode, stdout, stderr } = await runCommand([...words.split(" "), path], {});
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain(
      'checked.yaml:6:9 defaults.mode: asks before it acts, and without notify.webhook nobody could ever answer: "approve"; write notify:',
    );
  });
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
