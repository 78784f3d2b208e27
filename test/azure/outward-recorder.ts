import type { Socket } from "node:net";
import { MESSAGE, PacketReader } from "../../simulator/azure/tds/packets.ts";
import { readStatement } from "../../simulator/azure/tds/read-client.ts";
import type { SiteNetwork } from "../../simulator/site-network.ts";

/** One thing that left a site, as a template, and what came back. */
export interface OutwardCall {
  readonly call: string;
  readonly answer: string;
  /** Whether whoever asked takes the answer in pieces, to count them; elsewhere a socket does. */
  readonly counted: boolean;
}

/** Stands between the adapters of a site and its network, and writes down every byte's purpose. */
export function recordOutward(own: SiteNetwork, kept: OutwardCall[]): SiteNetwork {
  const note = async <T>(
    call: string,
    answer: Promise<T>,
    say: (value: T) => string,
    counted = true,
  ) => {
    try {
      const value = await answer;
      kept.push({ call, answer: say(value), counted });
      return value;
    } catch (error) {
      kept.push({ call, answer: String(error), counted });
      throw error;
    }
  };
  return {
    ...own,
    httpClient: {
      sendRequest: (request) =>
        note(
          httpTemplate(request.method, request.url),
          own.httpClient.sendRequest(request),
          ({ status, bodyAsText }) => `${status} ${codeIn(bodyAsText ?? "")}`.trim(),
          request.streamResponseStatusCodes?.has(Number.POSITIVE_INFINITY) === true,
        ),
    },
    fetch: (url, init) =>
      note(
        httpTemplate(init.method ?? "GET", url),
        own.fetch(url, init),
        ({ status }) => `${status}`,
      ),
    resolveName: (host) =>
      note(`DNS ${hostTemplate(host)}`, own.resolveName(host), (found) => found.join(" ")),
    dialReference: (address, signal) =>
      note("TCP {reference}", own.dialReference(address, signal), () => "connected"),
    sql: {
      ...own.sql,
      dial: async (address, signal) => {
        const call = `TCP ${hostTemplate(address.host)}:${address.port}`;
        const socket = await note(call, own.sql.dial(address, signal), () => "connected");
        listenTo(socket, (said) =>
          kept.push({ call: `TDS ${said}`, answer: "said", counted: true }),
        );
        return socket;
      },
    },
    close: () => own.close(),
  };
}

/** Hears what a client says on a socket that is not encrypted. */
function listenTo(socket: Socket, heard: (said: string) => void): void {
  const packets = new PacketReader();
  const { write } = socket;
  Object.defineProperty(socket, "write", {
    value: (chunk: Buffer, ...rest: unknown[]): unknown => {
      for (const { type, payload } of packets.read(chunk)) heard(saidIn(type, payload));
      return Reflect.apply(write, socket, [chunk, ...rest]);
    },
  });
}

function saidIn(type: number, payload: Buffer): string {
  if (type === MESSAGE.prelogin) return "pre-login";
  if (type === MESSAGE.login) return "login with a token";
  if (type !== MESSAGE.batch) return `message of type ${type}`;
  const statement = readStatement("batch", payload);
  if (/^\s*set \w/.test(statement)) return "session settings";
  return /\/\* (geo-failover:[a-z-]+) \*\//.exec(statement)?.[1] ?? statement.slice(0, 40);
}

function codeIn(body: string): string {
  return /"code":"([A-Za-z]+)"/.exec(body)?.[1] ?? "";
}

function hostTemplate(host: string): string {
  return host
    .replace(/^mi-[^.]+\.[^.]+(?=\.database\.)/, "{instance}.{zone}")
    .replace(/^[^.]+(?=\.vault\.)/, "{vault}")
    .replace(/^[^.]+(?=\.table\.)/, "{account}");
}

const PARTS: readonly (readonly [part: RegExp, template: string])[] = [
  [/(?<=\/subscriptions\/)[^/?]+/i, "{subscription}"],
  [/(?<=\/resourceGroups\/)[^/?]+/i, "{resource-group}"],
  [/(?<=\/locations\/)[^/?]+/i, "{region}"],
  [/(?<=\/instanceFailoverGroups\/)[^/?]+/i, "{failover-group}"],
  [/(?<=\/managedInstances\/)[^/?]+/i, "{instance}"],
  [/(?<=AzureAsyncOperation\/)[^/?]+/i, "{operation}"],
  [/(?<=\/keys\/)[^/?]+\/[^/?]+/i, "{key}/{version}"],
  [/(?<=\/workspaces\/)[^/?]+/i, "{workspace}"],
  [/(?<=\/api\/observations\/)[^/?]+/, "{failover-group}"],
  [/PartitionKey='.*',RowKey='.*'(?=\))/, "PartitionKey='{group}',RowKey='{row}'"],
  [/^https:\/\/(neu|weu|sec)\.example\.net/, "{site}"],
  [/^https:\/\/hooks\.example\.net.*/, "{webhook}"],
  [/^https:\/\/region-\w+\.example\.net.*/, "{region-reference}"],
  [/^https:\/\/orders\.example\.net.*/, "{capacity}"],
];

/** Method and address without what is of this world, and without the query but for the version. */
function httpTemplate(method: string, url: string): string {
  const { origin, pathname, searchParams, hostname } = new URL(url);
  const version = searchParams.get("api-version");
  const whole = `${origin.replace(hostname, hostTemplate(hostname))}${decodeURIComponent(pathname)}`;
  const path = PARTS.reduce((text, [part, template]) => text.replace(part, template), whole);
  return `${method} ${path}${version === null ? "" : `?api-version=${version}`}`;
}
