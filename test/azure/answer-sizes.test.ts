// Every answer of the outside has a size, and is let go before anybody has parsed it.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import { VirtualClock } from "functions-host/clock";
import { afterEach, describe, expect, test } from "vitest";
import { ANSWER_SIZES } from "../../shared/azure/answer-sizes.ts";
import { createAzurePorts } from "../../shared/azure/azure-ports.ts";
import { createHttpSend } from "../../shared/azure/http-send.ts";
import { createKeyProbe } from "../../shared/azure/key-probe.ts";
import { limitAnswers } from "../../shared/azure/limit-answers.ts";
import { createTableStore } from "../../shared/azure/table-store.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import { LOADED_SDKS } from "../../simulator/loaded-sdks.ts";
import { answering, credential, ok, orders } from "./answering.ts";
import { neu, recorded } from "./arm-wire.ts";

const clock = new VirtualClock(Date.UTC(2026, 8, 1));
const ZEROES = `[${"0,".repeat(2_000_000)}0]`;

function portsAnswered(body: string): Ports {
  const { httpClient } = answering(() => ({ status: 200, body }));
  const site = { name: "neu", region: "northeurope", reference: null, store: null };
  const self = { ...site, url: "https://neu.example.net" };
  return createAzurePorts(
    { self, sites: [self], notify: { webhook: null } },
    {
      ...{ clock, credential, sdks: LOADED_SDKS, ownIds: [], log: () => undefined },
      addressOf: () => ({ kind: "endpoint", url: "https://tables.example.net" }),
      keyOf: () => null,
      newId: () => "id",
      ways: {
        httpClient,
        fetch: async () => new Response(body),
        resolveName: async () => ["10.0.0.4"],
        dialReference: () => Promise.reject(new Error("none")),
        sql: { dial: () => Promise.reject(new Error("none")), encryption: { kind: "none" } },
      },
    },
  );
}

const ticket = "https://management.azure.com/subscriptions/1/operationResults/1";
const unknown = { kind: "unknown", because: "answer-too-large" };
const calls: readonly (readonly [string, (p: Ports) => Promise<unknown>, unknown])[] = [
  ["reading the group", (p) => p.failoverGroups.read("orders-fog", neu), unknown],
  ["polling a failover", (p) => p.failoverGroups.poll({ to: neu, ticket }), unknown],
  [
    "asking for a failover",
    (p) =>
      p.failoverGroups.failOver({
        ...{ group: "orders-fog", from: orders.home, to: neu, kind: "forced" },
      }),
    { kind: "unanswered", because: "answer-too-large" },
  ],
  ["reading an instance", (p) => p.instances.read(neu), unknown],
  ["reading what runs", (p) => p.instances.runningOperation(neu), unknown],
  ["reading closed databases", (p) => p.instances.inaccessibleDatabases(neu), unknown],
  [
    "beginning a check of the key",
    (p) => p.keyPath.start(neu),
    { kind: "unanswered", because: "answer-too-large" },
  ],
  ["the word of the application", (p) => p.signals.application(orders), unknown],
  ["the activity log", (p) => p.signals.activity(orders, 60_000), unknown],
  [
    "another site's report",
    (p) => p.peers.observe({ ...orders.home, url: "x", reference: null, store: null }, "o", 1_000),
    { kind: "unheard", because: "no-answer" },
  ],
];

describe("an answer without end", () => {
  const ports = portsAnswered(ZEROES);

  test.each(calls)("to %s is unknown at once", async (_, ask, outcome) => {
    const startedAt = performance.now();
    expect(await ask(ports)).toEqual(outcome);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("of Resource Health is no advice", async () => {
    const advice = await ports.signals.advice(orders, "home");
    expect(advice.map(({ kind }) => kind)).not.toContain("ok");
    expect(JSON.stringify(advice)).toContain("answer-too-large");
  });

  test("of a store is a store that cannot be reached", async () => {
    const { httpClient } = answering(() => ({ status: 200, body: ZEROES.repeat(3) }));
    const store = createTableStore({
      ...{ site: "neu", own: false, credential, httpClient, clock: createWallClock() },
      address: { kind: "endpoint", url: "https://tables.example.net" },
    });
    await expect(store.read({ group: "g", kind: "watch", id: "" })).rejects.toThrow(
      "Cannot reach the store of site neu: answer-too-large",
    );
  });

  test("of a vault is named, and none of the vault's layers", async () => {
    const { httpClient } = answering(() => ({ status: 200, body: ZEROES }));
    const probe = createKeyProbe({
      ...{ credential, httpClient, timeoutMs: 8_000 },
      resolveName: async () => ["10.0.0.4"],
    });
    expect(await probe("https://v.vault.azure.net/keys/k/1")).toMatchObject({
      kind: "failed",
      layer: "get-key",
      code: "answer-too-large",
      definite: false,
    });
  });

  test("of an application's capacity page is its status: its body is not read", async () => {
    expect(await ports.signals.capacityAt(orders, "partner")).toBe("ready");
  });
});

describe("on the wire", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  /** A server that sends its answer in pieces, and how much of it went out. */
  async function serving(headers: Record<string, string>, piece: Uint8Array, pieces: number) {
    const sent = { bytes: 0, closed: false };
    const server = createServer(async (_, response) => {
      response.writeHead(200, headers);
      response.on("close", () => {
        sent.closed = true;
      });
      for (let at = 0; at < pieces && !response.destroyed; at++) {
        sent.bytes += piece.byteLength;
        if (!response.write(piece)) {
          await Promise.race([
            new Promise((resolve) => response.once("drain", resolve)),
            new Promise((resolve) => response.once("close", resolve)),
          ]);
        }
      }
      response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }
  const get = (client: HttpClient, url: string) => {
    const request = createPipelineRequest({ url, allowInsecureConnection: true });
    request.headers.set("accept-encoding", "gzip");
    return client.sendRequest(request);
  };
  const client = limitAnswers(createDefaultHttpClient(), "resource");
  const MEGABYTE = new Uint8Array(1024 * 1024).fill(48);

  test("it is cut off as it comes, and its connection closed", async () => {
    const { url, sent } = await serving({}, MEGABYTE, 200);
    await expect(get(client, url)).rejects.toMatchObject({ code: "answer-too-large" });
    await expect.poll(() => sent.closed).toBe(true);
    expect(sent.bytes).toBeLessThan(100 * MEGABYTE.byteLength);
  });

  test("its length alone is enough", async () => {
    const { url } = await serving({ "content-length": "900000000" }, MEGABYTE, 1);
    await expect(get(client, url)).rejects.toMatchObject({ code: "answer-too-large" });
  });

  test("packed small it is as large as it is", async () => {
    const { url } = await serving({ "content-encoding": "gzip" }, gzipSync(ZEROES), 1);
    await expect(get(client, url)).rejects.toMatchObject({ code: "answer-too-large" });
  });

  test("what is of its size comes whole, packed or not", async () => {
    const { body } = recorded("arm-mi-get-gp-with-private-endpoints").answer;
    const plain = await serving({}, Buffer.from(body), 1);
    expect((await get(client, plain.url)).bodyAsText).toBe(body);
    const packed = await serving({ "content-encoding": "gzip" }, gzipSync(body), 1);
    expect((await get(client, packed.url)).bodyAsText).toBe(body);
  });

  test("over plain HTTP it is cut off as well, and where only the status counts it is not read", async () => {
    const send = createHttpSend({ clock });
    const request = { method: "GET", headers: {}, timeoutMs: 5_000 } as const;
    const endless = await serving({}, MEGABYTE, 200);
    await expect(send({ ...request, of: "report", url: endless.url })).rejects.toThrow("too-large");
    const other = await serving({}, MEGABYTE, 200);
    expect(await send({ ...request, of: "status-only", url: other.url })).toEqual({
      status: 200,
      text: "",
    });
    await expect.poll(() => other.sent.closed).toBe(true);
  });
});

test("every recorded answer is at most a tenth of what is let in", () => {
  const { bytes } = ANSWER_SIZES.resource;
  const body = recorded("arm-deployment-failed-nested").answer.body;
  expect(Buffer.byteLength(body) * 10).toBeLessThanOrEqual(bytes);
  expect(ok({}).status).toBe(200);
});

test("docs/run-on-azure.md says how large each kind of answer may be", () => {
  const page = readFileSync(new URL("../../docs/run-on-azure.md", import.meta.url), "utf8");
  for (const [kind, { bytes, of }] of Object.entries(ANSWER_SIZES)) {
    expect(page).toContain(`| ${kind} | ${bytes.toLocaleString("en")} | ${of} |`);
  }
});
