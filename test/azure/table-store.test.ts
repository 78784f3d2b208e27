import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createMissingStore } from "../../shared/azure/table-store/missing-store.ts";
import { keyOf, listFilter, rowNames } from "../../shared/azure/table-store/row-names.ts";
import { type StoreAddress, storeAddress } from "../../shared/azure/table-store/store-address.ts";
import { createTableClient } from "../../shared/azure/table-store/table-client.ts";
import { createTableStore } from "../../shared/azure/table-store.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";
import { type Store, StoreUnreachable } from "../../shared/ports/store.ts";
import { type Azurite, startAzurite } from "../contract/store-azurite.ts";
import { sites } from "../contract/world-under-test.ts";

const KEY = { group: "orders-fog", kind: "claim", id: "newest" };
const LIST = { group: "orders-fog", kind: "audit", limit: 20 };
const ACCOUNT_KEY = Buffer.from("secret-account-key").toString("base64");
const clock = createWallClock();
const nobody = { getToken: async () => null };

function storeAt(address: StoreAddress, change: { own?: boolean; timeoutMs?: number } = {}): Store {
  return createTableStore({
    ...{ site: "neu", own: true, address, credential: nobody, clock, timeoutMs: 2_000 },
    ...change,
  });
}

describe("a table service that does not do what was asked", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  type Answer = (answer: ServerResponse) => void;

  /** A service that gives these answers one after the other, the last one for ever. */
  async function serving(...answers: readonly Answer[]) {
    const asked: string[] = [];
    const server = createServer(({ method = "" }: IncomingMessage, response) => {
      const answer = answers[Math.min(asked.push(method), answers.length) - 1];
      answer?.(response);
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const text = `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${ACCOUNT_KEY};TableEndpoint=http://127.0.0.1:${port}/account;`;
    return { asked, address: { kind: "connection-string", text } as const };
  }

  const problem =
    (status: number, code: string): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": "application/json" });
      const message = {
        lang: "en-US",
        value: "Server failed to authenticate https://account/?sig=x",
      };
      response.end(JSON.stringify({ "odata.error": { code, message } }));
    };
  const hangs: Answer = () => undefined;
  const resets: Answer = (response) => response.socket?.destroy();
  const row: Answer = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const entity = { PartitionKey: "p", RowKey: "r", schemaVersion: 1, json0: "42" };
    response.end(JSON.stringify({ "odata.etag": 'W/"1"', ...entity }));
  };

  test.each([
    ["refuses us", problem(403, "AuthorizationFailure"), "AuthorizationFailure"],
    [
      "does not know us",
      problem(401, "NoAuthenticationInformation"),
      "NoAuthenticationInformation",
    ],
    ["is busy", problem(503, "ServerBusy"), "ServerBusy"],
    ["hangs up", resets, "ECONNRESET"],
  ])("that %s is unreachable, by a word and no secret", async (_, answer, code) => {
    const { address } = await serving(answer);
    const store = storeAt(address);
    const message = `Cannot reach the store of site neu: ${code}`;
    await expect(store.read(KEY)).rejects.toThrow(new StoreUnreachable(message));
    await expect(store.list(LIST)).rejects.toThrow(new StoreUnreachable(message));
    await expect(store.readLive(KEY.group)).rejects.toThrow(new StoreUnreachable(message));
    await expect(store.remove(KEY)).rejects.toThrow(new StoreUnreachable(message));
    await expect(store.write(KEY, 1, { kind: "new" })).rejects.toThrow(
      new StoreUnreachable(message),
    );
  });

  test("that hangs is given up in time", async () => {
    const { address } = await serving(hangs);
    const store = storeAt(address, { timeoutMs: 200 });
    const startedAt = clock.now();
    const calls = [store.read(KEY), store.list(LIST), store.write(KEY, 1, { kind: "new" })];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ reason: { name: "StoreUnreachable" } });
    }
    expect(clock.now() - startedAt).toBeLessThan(1_500);
  });

  test.each([
    ["hung up", resets],
    ["was busy", problem(503, "ServerBusy")],
  ])("that %s once is asked again by a read", async (_, trouble) => {
    const { address, asked } = await serving(trouble, row);
    expect(await storeAt(address).read(KEY)).toMatchObject({ kind: "row", value: 42 });
    expect(asked).toEqual(["GET", "GET"]);
  });

  test.each([
    ["new", { kind: "new" }],
    ["match", { kind: "match", etag: 'W/"1"' }],
  ] as const)("gets a write (%s) once, whatever becomes of it", async (_, condition) => {
    const { address, asked } = await serving(resets);
    await expect(storeAt(address).write(KEY, 1, condition)).rejects.toThrow(StoreUnreachable);
    expect(asked).toHaveLength(1);
  });

  test("that has more rows than anybody asked for is read no further", async () => {
    const entity = { PartitionKey: "p", schemaVersion: 1, json0: "1" };
    const page: Answer = (response) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "x-ms-continuation-NextPartitionKey": "p",
        "x-ms-continuation-NextRowKey": "r",
      });
      const value = Array.from({ length: 20 }, (_, n) => ({ ...entity, RowKey: `audit:${n}` }));
      response.end(JSON.stringify({ value }));
    };
    const { address, asked } = await serving(page);
    expect(await storeAt(address).list(LIST)).toHaveLength(20);
    expect(asked).toHaveLength(1);
  });

  test("whose table is being deleted has no conflict to tell of", async () => {
    const { address } = await serving(problem(409, "TableBeingDeleted"));
    await expect(storeAt(address).write(KEY, 1, { kind: "new" })).rejects.toThrow(
      "Cannot reach the store of site neu: TableBeingDeleted",
    );
  });
});

describe("tables as they are", () => {
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite.stop());

  test("our own table is made by the first write; before it there are no rows", async () => {
    const store = storeAt(azurite.address());
    expect(await store.read(KEY)).toBeNull();
    expect(await store.list(LIST)).toEqual([]);
    const both = [1, 2].map((n) => store.write({ ...KEY, id: `${n}` }, n, { kind: "new" }));
    expect(await Promise.all(both)).toMatchObject([{ kind: "written" }, { kind: "written" }]);
  });

  test("a peer's table that is not there is a store that gives no answer", async () => {
    const store = storeAt(azurite.address("siteneu"), { own: false });
    const unreachable = "Cannot reach the store of site neu: TableNotFound";
    await expect(store.read(KEY)).rejects.toThrow(unreachable);
    await expect(store.list(LIST)).rejects.toThrow(unreachable);
    await expect(store.write(KEY, 1, { kind: "new" })).rejects.toThrow(unreachable);
  });

  test("a row of a newer release is written over only by who has its ETag", async () => {
    const address = azurite.address("sitesec");
    const table = createTableClient(address, nobody);
    await table.createTable();
    await table.createEntity({ ...rowNames(KEY), schemaVersion: 2, text: "of tomorrow" });
    const store = storeAt(address);
    expect(await store.write(KEY, 1, { kind: "new" })).toEqual({ kind: "conflict" });
    const row = await store.read(KEY);
    expect(row).toMatchObject({ kind: "newer", key: KEY, schemaVersion: 2 });
    const etag = row?.etag ?? "";
    expect(await store.write(KEY, 1, { kind: "match", etag })).toMatchObject({ kind: "written" });
    expect(await store.read(KEY)).toMatchObject({ kind: "row", value: 1 });
  });

  test("a row that somebody has damaged has no value", async () => {
    const address = azurite.address("sitesec");
    const key = { ...KEY, id: "damaged" };
    const table = createTableClient(address, nobody);
    await table.upsertEntity({ ...rowNames(key), schemaVersion: 1, json0: '{"half":' });
    expect(await storeAt(address).read(key)).toMatchObject({ kind: "row", value: null });
  });

  test("a row too large for a table is refused before anything is sent", async () => {
    const store = storeAt(azurite.address());
    const write = store.write(KEY, "x".repeat(500_000), { kind: "new" });
    expect(await write).toEqual({ kind: "too-large" });
  });
});

describe("names of rows", () => {
  test.each(["a-1", "none~notice~2", "a/b#c?d\\e", "it's", "ü😀", "", "!0041"])(
    "%j survives being a key",
    (id) => {
      const { rowKey } = rowNames({ ...KEY, id });
      expect(rowKey).toMatch(/^[A-Za-z0-9_~:!-]*$/);
      expect(keyOf(KEY.group, rowKey)).toEqual({ ...KEY, id });
    },
  );

  test("have no way out of the filter that finds them", () => {
    const filter = listFilter("x' or true or '", "y'", "z'");
    expect(filter.split("'")).toHaveLength(7);
  });
});

describe("where a store is", () => {
  const there = "https://accountneu.table.core.windows.net";
  const own = { ...sites.neu, store: null };

  test.each([
    ["in the host's storage account", { AzureWebJobsStorage: "UseDevelopmentStorage=true" }, null],
    ["at the host's table endpoint", { AzureWebJobsStorage__tableServiceUri: `${there}/` }, there],
    [
      "in the account of the host's name",
      { AzureWebJobsStorage__accountName: "accountneu" },
      there,
    ],
  ])("our own: %s", (_, env, url) => {
    const text = "UseDevelopmentStorage=true";
    const wanted = url === null ? { kind: "connection-string", text } : { kind: "endpoint", url };
    expect(storeAddress(own, true, env)).toEqual(wanted);
    expect(storeAddress(own, false, env)).toBeNull();
  });

  test("where the configuration says, unless a local run says otherwise", () => {
    const site = { ...own, name: "n-2", store: there };
    expect(storeAddress(site, false, {})).toEqual({ kind: "endpoint", url: there });
    expect(storeAddress(site, false, { GEO_FAILOVER_STORE_N_2: "local" })).toEqual({
      kind: "connection-string",
      text: "local",
    });
  });

  test("nowhere is a store that gives no answer", async () => {
    const store = createMissingStore("sec");
    await expect(store.read(KEY)).rejects.toThrow(StoreUnreachable);
    await expect(store.write(KEY, 1, { kind: "new" })).rejects.toThrow(StoreUnreachable);
    await expect(store.list(LIST)).rejects.toThrow(StoreUnreachable);
  });
});
