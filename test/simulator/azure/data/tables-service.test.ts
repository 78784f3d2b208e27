import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
} from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { type Store, StoreUnreachable } from "../../../../shared/ports/store.ts";
import { tablesEndpoint } from "../../../../simulator/azure/data/tables-service.ts";
import { createWire } from "../../../../simulator/azure/wire.ts";
import type { Fault } from "../../../../simulator/faults.ts";
import { portsOnTheWire } from "../../../contract/ports-on-the-wire.ts";
import { createLab, fault, type Lab, MINUTE, sites } from "../../../contract/world-under-test.ts";

const key = { group: "orders-fog", kind: "claim", id: "a" };
const endpoint = tablesEndpoint(sites.neu);
const authorized = { authorization: "Bearer simulated" };

interface Question {
  readonly method: HttpMethods;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request of site neu to its own account. */
async function ask({ world, run }: Lab, { method, path, body, headers = authorized }: Question) {
  const request = createPipelineRequest({
    method,
    url: `${endpoint}${path}`,
    headers: createHttpHeaders(headers),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeout: 4_000,
  });
  const {
    status,
    headers: got,
    bodyAsText,
  } = await run(createWire(world, sites.neu).sendRequest(request));
  const json: { readonly [name: string]: unknown } = bodyAsText ? JSON.parse(bodyAsText) : {};
  const code = Object(Object(json)["odata.error"]).code;
  return { status, headers: got, json, code };
}

async function withTable(): Promise<Lab> {
  const lab = createLab();
  await ask(lab, { method: "POST", path: "/Tables", body: { TableName: "GeoFailover" } });
  return lab;
}

const entity = (row: string, more: object = {}) => ({ PartitionKey: "p", RowKey: row, ...more });
const at = (row: string) => `/GeoFailover(PartitionKey='p',RowKey='${row}')`;

describe("the table service of a storage account", () => {
  test("answers nobody without a token", async () => {
    const { status, code } = await ask(createLab(), { method: "GET", path: at("a"), headers: {} });
    expect([status, code]).toEqual([401, "NoAuthenticationInformation"]);
  });

  test("makes a table once, whatever its letters", async () => {
    const lab = await withTable();
    const body = { TableName: "geofailover" };
    const again = await ask(lab, { method: "POST", path: "/Tables", body });
    expect([again.status, again.code]).toEqual([409, "TableAlreadyExists"]);
  });

  test.each<Question>([
    { method: "GET", path: at("a") },
    { method: "GET", path: "/GeoFailover()?$filter=PartitionKey%20eq%20'p'" },
    { method: "POST", path: "/GeoFailover", body: entity("a") },
    { method: "PUT", path: at("a"), body: entity("a") },
  ])("has no row of a table that is not there: $method $path", async (question) => {
    const { status, code } = await ask(createLab(), question);
    expect([status, code]).toEqual([404, "TableNotFound"]);
  });

  test("keeps what it was given under an ETag that changes with it", async () => {
    const lab = await withTable();
    const made = await ask(lab, {
      method: "POST",
      path: "/GeoFailover",
      body: entity("it's", { json0: "1" }),
    });
    expect(made.status).toBe(204);
    const read = await ask(lab, { method: "GET", path: at("it''s") });
    expect(read.json).toMatchObject({ RowKey: "it's", json0: "1" });
    expect(read.json["odata.etag"]).toBe(made.headers.get("etag"));
    const replaced = await ask(lab, {
      method: "PUT",
      path: at("it''s"),
      body: entity("it's", { json1: "2" }),
      headers: { ...authorized, "if-match": made.headers.get("etag") ?? "" },
    });
    expect(replaced.headers.get("etag")).not.toBe(made.headers.get("etag"));
    expect((await ask(lab, { method: "GET", path: at("it''s") })).json).not.toHaveProperty("json0");
  });

  test("refuses what a condition forbids, each in its own words", async () => {
    const lab = await withTable();
    const stale = { ...authorized, "if-match": 'W/"0"' };
    const put = { method: "PUT", path: at("a"), body: entity("a"), headers: stale } as const;
    expect(await ask(lab, put)).toMatchObject({ status: 404, code: "ResourceNotFound" });
    const post = { method: "POST", path: "/GeoFailover", body: entity("a") } as const;
    await ask(lab, post);
    expect(await ask(lab, post)).toMatchObject({ status: 409, code: "EntityAlreadyExists" });
    expect(await ask(lab, put)).toMatchObject({ status: 412, code: "UpdateConditionNotSatisfied" });
  });

  test("lists in pages, in order of the keys", async () => {
    const lab = await withTable();
    for (const row of ["c", "a", "d", "b"]) {
      await ask(lab, { method: "POST", path: "/GeoFailover", body: entity(row) });
    }
    const filter = "$filter=PartitionKey eq 'p' and RowKey ge 'b'&$top=2";
    const first = await ask(lab, { method: "GET", path: `/GeoFailover()?${filter}` });
    expect(first.json.value).toMatchObject([{ RowKey: "b" }, { RowKey: "c" }]);
    const [partition, row] = ["partition", "row"].map((name) =>
      first.headers.get(`x-ms-continuation-next${name}key`),
    );
    const next = `&NextPartitionKey=${partition}&NextRowKey=${row}`;
    const second = await ask(lab, { method: "GET", path: `/GeoFailover()?${filter}${next}` });
    expect(second.json.value).toMatchObject([{ RowKey: "d" }]);
    expect(second.headers.has("x-ms-continuation-nextrowkey")).toBe(false);
  });

  test.each<Question & { readonly refused: string }>([
    { method: "GET", path: "/GeoFailover()?$filter=json0 eq '1'", refused: "InvalidInput" },
    { method: "POST", path: "/GeoFailover", body: { RowKey: "a" }, refused: "PropertiesNeedValue" },
    {
      method: "POST",
      path: "/GeoFailover",
      body: entity("a", { json0: "x".repeat(32_769) }),
      refused: "PropertyValueTooLarge",
    },
    { method: "PATCH", path: at("a"), refused: "MethodNotAllowed" },
  ])("refuses what it cannot do: $refused", async ({ refused, ...question }) => {
    expect(await ask(await withTable(), question)).toMatchObject({ code: refused });
  });
});

describe("the stores as the real adapter reaches them", () => {
  function start(...faults: readonly Fault[]) {
    const lab = createLab(faults);
    const store = (from: keyof typeof sites, of: string): Store => {
      const found = portsOnTheWire(lab, sites[from]).stores.get(of);
      if (found === undefined) throw new Error(`Cannot find the store: ${of}`);
      return found;
    };
    return { ...lab, store };
  }

  test("each site has its own; a peer's that was never written to gives no answer", async () => {
    const { run, store } = start();
    await run(store("neu", "neu").write(key, 1, { kind: "new" }));
    expect(await run(store("sec", "neu").read(key))).toMatchObject({ value: 1 });
    await expect(run(store("neu", "sec").read(key))).rejects.toBeInstanceOf(StoreUnreachable);
  });

  test.each([
    ["store-down", { site: "neu" }],
    ["store-refuses", { site: "neu" }],
    ["region-dark", { region: "northeurope" }],
    ["partition", { from: "swedencentral", to: "northeurope" }],
    ["vantage-blind", { site: "sec" }],
    ["dns-fail", { from: "swedencentral" }],
  ] as const)("%s: it throws in time, and nothing was written", async (what, more) => {
    const { run, pass, store, clock } = start(fault(what, { ...more, at: MINUTE, for: MINUTE }));
    await run(store("neu", "neu").write({ ...key, id: "first" }, 1, { kind: "new" }));
    const other = store("sec", "neu");
    await run(other.read(key));
    await pass(MINUTE);
    const startedAt = clock.now();
    const write = run(other.write(key, 1, { kind: "new" }));
    await expect(write).rejects.toBeInstanceOf(StoreUnreachable);
    await expect(run(other.readLive(key.group))).rejects.toBeInstanceOf(StoreUnreachable);
    expect(clock.now() - startedAt).toBeLessThanOrEqual(8_000);
    await pass(MINUTE);
    expect(await run(other.read(key))).toBeNull();
  });

  test("one that is slow takes writes later", async () => {
    const slow = fault("store-write-late", { site: "neu", ms: 3_000, at: MINUTE });
    const { run, pass, store, clock } = start(slow);
    const own = store("neu", "neu");
    await run(own.write({ ...key, id: "first" }, 1, { kind: "new" }));
    await pass(MINUTE);
    const startedAt = clock.now();
    await run(own.write(key, 1, { kind: "new" }));
    expect(clock.now() - startedAt).toBeCloseTo(3_000, -2);
    expect(await run(own.read(key))).toMatchObject({ value: 1 });
  });

  test("a write whose answer was lost has happened all the same", async () => {
    const { run, pass, store } = start(fault("store-answer-lost", { site: "neu", at: MINUTE }));
    const own = store("neu", "neu");
    await run(own.write({ ...key, id: "first" }, 1, { kind: "new" }));
    await pass(MINUTE);
    const write = run(own.write(key, 1, { kind: "new" }));
    await expect(write).rejects.toBeInstanceOf(StoreUnreachable);
    expect(await run(own.read(key))).toMatchObject({ value: 1 });
  });

  test("a lost write has not happened, and nobody is told", async () => {
    const { run, pass, store } = start(fault("store-write-lost", { site: "neu", at: MINUTE }));
    await run(store("neu", "neu").write({ ...key, id: "first" }, 1, { kind: "new" }));
    await pass(MINUTE);
    const write = run(store("neu", "neu").write(key, 1, { kind: "new" }));
    await expect(write).rejects.toBeInstanceOf(StoreUnreachable);
    await pass(MINUTE);
    expect(await run(store("neu", "neu").read(key))).toBeNull();
  });

  test("a late write happens when its caller has long given up, under the condition as it is then", async () => {
    const { run, pass, store } = start(
      fault("store-write-late", { site: "neu", ms: 20_000, at: MINUTE }),
    );
    await run(store("neu", "neu").write({ ...key, id: "first" }, 1, { kind: "new" }));
    await pass(MINUTE);
    const own = store("neu", "neu");
    await expect(run(own.write(key, 1, { kind: "new" }))).rejects.toBeInstanceOf(StoreUnreachable);
    expect(await run(own.read(key))).toBeNull();
    await expect(run(own.write(key, 2, { kind: "new" }))).rejects.toBeInstanceOf(StoreUnreachable);
    await pass(MINUTE);
    expect(await run(own.read(key))).toMatchObject({ value: 1 });
  });

  test("who writes under a condition may find that another was quicker", async () => {
    const { run, pass, store } = start(
      fault("store-conflict", { site: "neu", share: 1, at: MINUTE }),
    );
    const own = store("neu", "neu");
    const written = await run(own.write(key, 1, { kind: "new" }));
    const etag = written.kind === "written" ? written.etag : "";
    await pass(MINUTE);
    expect(await run(own.write(key, 2, { kind: "match", etag }))).toEqual({ kind: "conflict" });
    expect(await run(own.read(key))).toMatchObject({ value: 1 });
  });
});
