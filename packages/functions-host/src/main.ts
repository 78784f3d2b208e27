#!/usr/bin/env tsx
// functions-host DIR [--port N] [--speed N] [--master-key K] [--host-key K] [--system-key K]

import { randomBytes, randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { ScaledClock } from "./clock.ts";
import { startHost } from "./host.ts";
import type { HostLine } from "./host-options.ts";
import { unawaited } from "./unawaited.ts";

const USAGE =
  "usage: functions-host DIR [--port N] [--speed N] [--master-key K] [--host-key K] [--system-key K] [--seed N]";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "7071" },
      speed: { type: "string", default: "1" },
      seed: { type: "string" },
      "master-key": { type: "string" },
      "host-key": { type: "string" },
      "system-key": { type: "string" },
    },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error(USAGE);
  const path = resolve(folder);
  const port = positive("port", values.port);
  const keys = {
    master: values["master-key"] ?? newKey(),
    host: values["host-key"] ?? newKey(),
    system: values["system-key"] ?? newKey(),
  };
  const clock = new ScaledClock({ speed: positive("speed", values.speed) });
  const host = await startHost({
    name: "local",
    app: { kind: "directory", path },
    hostJson: await readJson(join(path, "host.json")),
    settings: { ...(await readSettings(path)), ...environment() },
    clock,
    seed: Number(values.seed ?? randomInt(2 ** 31)),
    keys,
    fullMetadata: true,
    baseUrl: `http://127.0.0.1:${port}`,
    log: print,
    onFailure: () => process.exit(1),
  });
  await host.listen(port);
  for (const [name, key] of Object.entries(keys)) console.log(`${name} key: ${key}`);
  for (const fn of host.functions) {
    console.log(`  ${fn.name}: ${fn.kind} ${fn.route ?? fn.schedule ?? ""}`.trimEnd());
  }
  console.log(`Listening on ${host.baseUrl}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () =>
      unawaited(
        host.stop().finally(() => process.exit(0)),
        console.error,
      ),
    );
  }
}

function positive(what: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`Cannot start the host: not a ${what}: ${text}`);
  return value;
}

function newKey(): string {
  return randomBytes(20).toString("hex");
}

function print({ at, level, functionName, message }: HostLine): void {
  const where = functionName === null ? "" : ` ${functionName}:`;
  console.log(`${new Date(at).toISOString()} ${level}${where} ${message}`);
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, "utf8"));
}

/** The app's settings are its environment; a file may add to them, and as with the Core Tools changes none of them. */
function environment(): Record<string, string> {
  const given = Object.entries(process.env);
  return Object.fromEntries(given.filter((one): one is [string, string] => one[1] !== undefined));
}

const LocalSettings = z.object({ Values: z.record(z.string(), z.string()).optional() });

async function readSettings(path: string): Promise<Record<string, string>> {
  try {
    return LocalSettings.parse(await readJson(join(path, "local.settings.json"))).Values ?? {};
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return {};
    throw thrown;
  }
}

main().catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exit(1);
});
