import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { ScaledClock, VirtualClock } from "../src/clock.ts";
import { findEntryFiles } from "../src/entry-files.ts";
import { startHost } from "../src/host.ts";
import type { Host } from "../src/host-options.ts";

/** Starting a process takes what the machine takes. */
const WAIT_MS = 20_000;
vi.setConfig({ testTimeout: 2 * WAIT_MS });
const cleanups: (() => void | Promise<void>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "functions-app-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function open(path: string): Promise<{ host: Host; clock: ScaledClock }> {
  const clock = new ScaledClock({ speed: 1 });
  const host = await startHost({
    name: "folder",
    app: { kind: "directory", path },
    hostJson: {},
    clock,
    seed: 1,
    keys: { master: "m", host: "h", system: "s" },
  });
  cleanups.push(() => {
    host.kill();
    clock.close();
  });
  return { host, clock };
}

async function until(condition: () => boolean): Promise<void> {
  for (const startedAt = Date.now(); !condition(); ) {
    if (Date.now() - startedAt > WAIT_MS) throw new Error("Cannot wait any longer");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CRASHING = `
const { app } = require("@azure/functions"), df = require("durable-functions");
app.http("pid", { handler: () => ({ body: String(process.pid) }) });
df.app.activity("Exit", { handler: () => process.exit(1) });
df.app.orchestration("Tries", function* (c) {
  try { return yield c.df.callActivity("Exit", {}); }
  catch (error) { return { caught: error.message.split(" \\n")[0] }; }
});
df.app.client.http("start", { handler: async (_, client) =>
  ({ body: await client.startNew("Tries", { instanceId: "x", input: {} }) }) });
`;

const MODULES = {
  "package.json": '{"type":"module","main":"src/{index.js,functions/*.js}"}',
  "src/index.js": 'globalThis.order = ["index"];',
  "src/functions/a.js": 'globalThis.order.push("a");',
  "src/functions/b.js": `
    import { app } from "@azure/functions";
    await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.order.push("b");
    app.http("order", { handler: () => ({ jsonBody: globalThis.order }) });
  `,
};

describe.concurrent("an app in a folder", () => {
  test("runs in a process of its own, whose exit fails its activities and brings another", async () => {
    const path = await folderWith({ "package.json": '{"main":"index.js"}', "index.js": CRASHING });
    const { host } = await open(path);
    const pid = async (): Promise<string> =>
      Buffer.from((await host.fetch({ method: "GET", url: "/api/pid" })).body).toString();
    const first = await pid();
    expect(first).not.toBe(String(process.pid));
    await host.fetch({ method: "POST", url: "/api/start" });
    await until(() => host.instances()[0]?.status === "Completed");
    expect(host.instances()[0]?.output).toEqual({
      caught: "Activity function 'Exit' failed: node exited with code 1 (0x1)",
    });
    expect(await pid()).not.toBe(first);
  });

  test("may be made of modules, found by a glob, loaded in the order of its alternatives", async () => {
    const { host } = await open(await folderWith(MODULES));
    const { body } = await host.fetch({ method: "GET", url: "/api/order" });
    expect(JSON.parse(Buffer.from(body).toString())).toEqual(["index", "a", "b"]);
  });

  test("with an entry that throws is said to be broken", async () => {
    const files = { "package.json": '{"main":"a.js"}', "a.js": 'throw new Error("no luck");' };
    await expect(open(await folderWith(files))).rejects.toThrow(
      /^Cannot load the app: Error: no luck/,
    );
  });

  test.each([
    ['{"main":"src/*.js"}', "no file matches its main: src/*.js"],
    ["{}", "package.json has no main"],
  ])("with the package %s has no entry", async (text, message) => {
    const folder = await folderWith({ "package.json": text });
    await expect(findEntryFiles(folder)).rejects.toThrow(message);
  });
});

test("a folder needs a clock that follows the wall", async () => {
  const app = { kind: "directory", path: "." } as const;
  const clock = new VirtualClock(0);
  await expect(startHost({ name: "x", app, hostJson: {}, clock, seed: 1 })).rejects.toThrow(
    "Cannot host a folder on a virtual clock",
  );
});
