// `npm run world` as a person starts and ends it, and a process that lives in it.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../contract/store-azurite.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const MAIN = fileURLToPath(new URL("../../demo/world/main.ts", import.meta.url));
/** Asks a few times, and once more when it is told to. */
const ASKER = `
  import dns from "node:dns/promises";
  import net from "node:net";
  const told = async (what, work) => console.log(what, await work().catch((e) => (e.cause ?? e).code));
  const connected = (host) => new Promise((done, failed) => {
    const socket = net.connect(1433, host, () => { socket.destroy(); done("connected"); });
    socket.on("error", failed);
  });
  const page = () => fetch("https://status-weu.example.net/ping", { method: "HEAD" }).then((r) => r.status);
  const status = (url, init) => fetch(url, init).then((r) => r.status);
  const shown = { headers: { "x-identity-header": process.env.IDENTITY_HEADER } };
  await told("page", page);
  await told("token", () => status(process.env.IDENTITY_ENDPOINT + "?resource=https://vault.azure.net", shown));
  await told("arm", () => status("https://management.azure.com/subscriptions/x"));
  await told("address", () => dns.lookup("mi-orders-weu.abc123.database.windows.net").then((a) => a.address));
  await told("instance", () => connected("mi-orders-weu.abc123.database.windows.net"));
  await told("nobody", () => connected("nobody.example.net"));
  console.log("asked");
  process.stdin.once("data", async () => { await told("later", page); process.exit(); });
`;

type Child = ChildProcessByStdio<null, Readable, null>;

let child: Child;
let port: number;
let said = "";

beforeAll(async () => {
  port = await freePort();
  child = spawn(process.execPath, ["--import", LOADER, MAIN, "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.on("data", (text: Buffer) => {
    said += text;
  });
  while (!said.includes("sec, with")) await once(child.stdout, "data");
});

afterAll(() => {
  child?.kill("SIGKILL");
});

test("it says in one line that it is ready, and ends on Ctrl-C whoever lives in it, who is told", async () => {
  expect(said).toMatch(/^Ready: the world is at http:\/\/127\.0\.0\.1:\d+/);
  const given = await (await fetch(`http://127.0.0.1:${port}/environment/neu`)).text();
  const env = Object.fromEntries(
    given
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
  const asker = spawn(process.execPath, ["--input-type=module", "--eval", ASKER], {
    stdio: "pipe",
    env: { ...process.env, ...env },
  });
  let heard = "";
  for (const stream of [asker.stdout, asker.stderr]) {
    stream.on("data", (text: Buffer) => {
      heard += text;
    });
  }
  while (!heard.includes("asked")) await once(asker.stdout, "data");
  expect(heard).toBe(
    "page 200\ntoken 200\narm 401\naddress 198.18.0.0\ninstance connected\nnobody ENOTFOUND\nasked\n",
  );
  expect(said).toContain("neu asks for nobody.example.net, which is not in this world");

  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(existsSync(env.NODE_EXTRA_CA_CERTS ?? "")).toBe(false);

  const gone = once(asker, "exit");
  asker.stdin.write("\n");
  await gone;
  expect(heard).toContain("it has ended. Start this app anew");
  expect(heard).toContain("later EWORLD");
});
