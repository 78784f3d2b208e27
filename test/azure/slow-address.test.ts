// A name with two addresses, one without a route and one whose handshake is slow: whoever asks waits as
// long as they said, and the system below gives up on neither of them earlier.

import { type ChildProcess, spawn } from "node:child_process";
import dns from "node:dns";
import { connect, type Socket } from "node:net";
import { createDefaultHttpClient, createPipelineRequest } from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHttpSend } from "../../shared/azure/http-send.ts";
import { waitForSlowAddresses } from "../../shared/azure/slow-addresses.ts";
import { createDial } from "../../shared/azure/sql/dial.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";

const NAME = "slow.example.test";
const ADDRESSES = [
  { address: "127.0.0.1", family: 4 },
  // Documentation's own range: no route leads there.
  { address: "2001:db8::1", family: 6 },
];
const SERVER = `
  const server = require("node:http").createServer((_, answer) => answer.end("ok"));
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => process.stdout.write(server.address().port + "\\n"));
`;

let server: ChildProcess;
let port: number;
let waiting: Socket[];
const { lookup } = dns;
type Found = (error: null, addresses: dns.LookupAddress[] | string, family?: number) => void;

/** A stopped server whose queue is full: the system answers no handshake until it runs again. */
beforeEach(async () => {
  server = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  port = await new Promise((resolve) => {
    server.stdout?.once("data", (text) => resolve(Number(String(text))));
  });
  server.kill("SIGSTOP");
  waiting = Array.from({ length: 4 }, () => connect({ host: "127.0.0.1", port }));
  for (const socket of waiting) socket.on("error", () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  setTimeout(() => server.kill("SIGCONT"), 500);
});

afterEach(() => {
  dns.lookup = lookup;
  server.kill("SIGCONT");
  server.kill("SIGKILL");
  for (const socket of waiting) socket.destroy();
});

const found = ((_name: string, options: { all?: boolean }, told: Found) => {
  if (options.all) told(null, ADDRESSES);
  else told(null, "127.0.0.1", 4);
}) as typeof dns.lookup;

test("a look over SQL and a reference that is a port", async () => {
  const socket = await createDial(found)({ host: NAME, port }, AbortSignal.timeout(8_000));
  expect(socket.remotePort).toBe(port);
  socket.destroy();
});

test("pages, peers and the webhook", async () => {
  waitForSlowAddresses();
  dns.lookup = found;
  const send = createHttpSend({ clock: createWallClock() });
  const request = { method: "GET", url: `http://${NAME}:${port}/`, headers: {} } as const;
  expect(await send({ ...request, timeoutMs: 8_000 })).toMatchObject({ status: 200 });
});

test("the transport of the SDKs: Resource Manager, tables, vaults", async () => {
  waitForSlowAddresses();
  dns.lookup = found;
  const request = createPipelineRequest({
    ...{ url: `http://${NAME}:${port}/`, allowInsecureConnection: true, timeout: 8_000 },
  });
  expect(await createDefaultHttpClient().sendRequest(request)).toMatchObject({ status: 200 });
});

test("a connection to a name of which no address answers ends with the system's word", async () => {
  const shut = ((_name: string, _options: { all?: boolean }, told: Found) => {
    told(null, [{ address: "127.0.0.1", family: 4 }]);
  }) as typeof dns.lookup;
  await expect(
    createDial(shut)({ host: NAME, port: 1 }, AbortSignal.timeout(2_000)),
  ).rejects.toThrow(expect.objectContaining({ code: "ECONNREFUSED" }));
});
