import type { Site } from "../../../shared/domain/group.ts";
import type { ArmResponse } from "../arm/arm-responses.ts";
import { isAuthorized, json, type WireReply, type WireRequest } from "../arm/wire-reply.ts";
import { namesResolve, vantageReaches } from "../world/network.ts";
import { putEntity, type Table, type TableEntity, type Tables } from "../world/tables.ts";
import type { Vantage, World } from "../world/world.ts";
import { queryTable, readFilter } from "./table-query.ts";

const TAKES_MS = 6;
/** UTF-16 characters in 64 KiB. */
const PROPERTY_CHARS_MAX = 32_768;
const ENTITY = /^\/(\w+)\(PartitionKey='(.*)',RowKey='(.*)'\)$/;
const TABLE = /^\/(\w+)(\(\))?$/;

/** Where the table service of a site's storage account answers. */
export function tablesEndpoint(site: Pick<Site, "name" | "store">): string {
  return site.store ?? `https://geofailover${site.name.replaceAll("-", "")}.table.core.windows.net`;
}

/** Whose storage account is asked; null where it is something else. */
export function tablesAsked(world: World, { url }: WireRequest): Site | null {
  const { origin, pathname } = url;
  const asked = `${origin}${pathname}`;
  return world.sites.find((site) => asked.startsWith(`${tablesEndpoint(site)}/`)) ?? null;
}

/** The table service of a site's storage account: it is in the site's region, and answers there or not at all. */
export async function answerTables(
  world: World,
  vantage: Vantage,
  site: Site,
  request: WireRequest,
): Promise<WireReply> {
  world.now();
  if (!namesResolve(world, vantage)) return { kind: "no-name" };
  const isHere = ({ site: name }: { readonly site: string }): boolean => name === site.name;
  const down = world.faults("store-down").some(isHere);
  if (down || !vantageReaches(world, vantage, site.region)) {
    await world.wait(request.timeoutMs);
    return { kind: "silent" };
  }
  await world.wait(Math.min(TAKES_MS, request.timeoutMs));
  if (world.faults("store-refuses").some(isHere)) {
    return { kind: "answer", ...problem(403, "AuthorizationFailure") };
  }
  const tables = world.tables.get(site.name);
  if (tables === undefined) return { kind: "no-name" };
  const answer = (): WireReply => ({
    kind: "answer",
    ...answerAccount(world, tables, tablesEndpoint(site), request),
  });
  return request.method === "GET" ? answer() : write(world, site, request.timeoutMs, answer);
}

/** A write may be lost, or happen after its caller has given up, or happen without an answer. */
async function write(
  world: World,
  site: Site,
  timeoutMs: number,
  answer: () => WireReply,
): Promise<WireReply> {
  const isHere = (fault: { readonly site: string }): boolean => fault.site === site.name;
  const lateMs = world.faults("store-write-late").find(isHere)?.ms ?? 0;
  if (!world.faults("store-write-lost").some(isHere)) {
    const written = lateMs > 0 ? world.wait(lateMs).then(answer) : answer();
    const unheard = lateMs >= timeoutMs || world.faults("store-answer-lost").some(isHere);
    if (!unheard) return written;
  }
  await world.wait(timeoutMs);
  return { kind: "silent" };
}

function answerAccount(
  world: World,
  tables: Tables,
  endpoint: string,
  request: WireRequest,
): ArmResponse {
  if (!isAuthorized(request)) return problem(401, "NoAuthenticationInformation");
  const { method, url } = request;
  const path = decodeURIComponent(`${url.origin}${url.pathname}`.slice(endpoint.length));
  if (path === "/Tables") {
    return method === "POST" ? createTable(tables, request.body) : problem(405, "MethodNotAllowed");
  }
  const [, ofEntity, partitionKey = "", rowKey = ""] = ENTITY.exec(path) ?? [];
  const [, ofTable] = TABLE.exec(path) ?? [];
  const name = ofEntity ?? ofTable;
  if (name === undefined) return problem(400, "InvalidUri");
  const table = tables.named.get(name.toLowerCase());
  if (table === undefined) return problem(404, "TableNotFound");
  if (ofEntity === undefined) {
    if (method === "GET") return query(table, url.searchParams);
    return method === "POST"
      ? insert(world, tables, table, request.body)
      : problem(405, "MethodNotAllowed");
  }
  const keys = { partitionKey: unquoted(partitionKey), rowKey: unquoted(rowKey) };
  const current = table.get(keys.partitionKey)?.get(keys.rowKey);
  if (method === "GET") {
    return current === undefined ? problem(404, "ResourceNotFound") : found(keys, current);
  }
  if (method !== "PUT" && method !== "DELETE") return problem(405, "MethodNotAllowed");
  const match = request.header("if-match");
  if (match !== null && current === undefined) return problem(404, "ResourceNotFound");
  if (match !== null && match !== "*" && match !== current?.etag) {
    return problem(412, "UpdateConditionNotSatisfied");
  }
  if (method === "PUT" && current && overtaken(world, endpoint)) {
    putEntity(tables, table, { ...keys, changedAt: world.at, properties: current.properties });
    return problem(412, "UpdateConditionNotSatisfied");
  }
  if (method === "DELETE") {
    table.get(keys.partitionKey)?.delete(keys.rowKey);
    return noContent({});
  }
  return put(world, tables, table, { ...keys, body: request.body });
}

/** Has somebody else been quicker, whose write nobody here has seen? */
function overtaken(world: World, endpoint: string): boolean {
  const site = world.sites.find((each) => tablesEndpoint(each) === endpoint);
  const fault = world.faults("store-conflict").find((each) => each.site === site?.name);
  return world.draw("store-conflict") < (fault?.share ?? 0);
}

function createTable(tables: Tables, body: string): ArmResponse {
  const name = propertiesOf(body)?.TableName;
  if (typeof name !== "string") return problem(400, "PropertiesNeedValue");
  if (tables.named.has(name.toLowerCase())) return problem(409, "TableAlreadyExists");
  tables.named.set(name.toLowerCase(), new Map());
  return noContent({});
}

function insert(world: World, tables: Tables, table: Table, body: string): ArmResponse {
  const { PartitionKey: partitionKey, RowKey: rowKey } = propertiesOf(body) ?? {};
  if (typeof partitionKey !== "string" || typeof rowKey !== "string") {
    return problem(400, "PropertiesNeedValue");
  }
  if (table.get(partitionKey)?.has(rowKey)) return problem(409, "EntityAlreadyExists");
  return put(world, tables, table, { partitionKey, rowKey, body });
}

function put(
  world: World,
  tables: Tables,
  table: Table,
  { body, ...keys }: { readonly partitionKey: string; readonly rowKey: string; body: string },
): ArmResponse {
  const properties = propertiesOf(body);
  if (properties === null) return problem(400, "InvalidInput");
  const tooLong = (value: unknown): boolean =>
    typeof value === "string" && value.length > PROPERTY_CHARS_MAX;
  if (Object.values(properties).some(tooLong)) return problem(400, "PropertyValueTooLarge");
  const { PartitionKey, RowKey, ...rest } = properties;
  const entity = { ...keys, changedAt: world.at, properties: rest };
  return noContent({ etag: putEntity(tables, table, entity).etag });
}

function query(table: Table, asked: URLSearchParams): ArmResponse {
  const conditions = readFilter(asked.get("$filter") ?? "");
  if (conditions === null) return problem(400, "InvalidInput");
  const fromPartition = asked.get("NextPartitionKey");
  const { found: entities, next } = queryTable(table, conditions, {
    top: Number(asked.get("$top") ?? Number.POSITIVE_INFINITY),
    from: fromPartition === null ? null : [fromPartition, asked.get("NextRowKey") ?? ""],
  });
  const listed = entities.map(({ partitionKey, entity }) => entityText(partitionKey, entity));
  const continued =
    next === null
      ? {}
      : {
          "x-ms-continuation-nextpartitionkey": next.partitionKey,
          "x-ms-continuation-nextrowkey": next.entity.rowKey,
        };
  return { ...json(200, {}, continued), body: `{"value":[${listed.join(",")}]}` };
}

/** What has been listed once is listed many times, and an entity is never changed. */
const TEXTS = new WeakMap<TableEntity, string>();

function entityText(partitionKey: string, entity: TableEntity): string {
  const known = TEXTS.get(entity);
  if (known !== undefined) return known;
  const text = JSON.stringify(entityBody({ partitionKey, rowKey: entity.rowKey }, entity));
  TEXTS.set(entity, text);
  return text;
}

interface Keys {
  readonly partitionKey: string;
  readonly rowKey: string;
}

function found(keys: Keys, entity: TableEntity): ArmResponse {
  return json(200, entityBody(keys, entity), { etag: entity.etag });
}

function entityBody({ partitionKey, rowKey }: Keys, entity: TableEntity): object {
  return {
    "odata.etag": entity.etag,
    PartitionKey: partitionKey,
    RowKey: rowKey,
    Timestamp: new Date(entity.changedAt).toISOString(),
    ...entity.properties,
  };
}

function propertiesOf(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
}

function unquoted(key: string): string {
  return key.replaceAll("''", "'");
}

function noContent(headers: Readonly<Record<string, string>>): ArmResponse {
  return { status: 204, headers, body: "" };
}

function problem(status: number, code: string): ArmResponse {
  const message = { lang: "en-US", value: `${code}.` };
  return json(status, { "odata.error": { code, message } });
}
