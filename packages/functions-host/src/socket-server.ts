// A loopback HTTP server in front of a host, with the manners of the real one's front.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { emptyAnswer, type HttpAnswer, type HttpRequest } from "./http-message.ts";
import { unawaited } from "./unawaited.ts";

export interface SocketServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves on the loopback address until closed. What ends one exchange ends no other: a client that is gone
 * is nobody's trouble, an answer that cannot be made is said.
 */
export async function serve(
  port: number,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
  say: (because: string) => void,
): Promise<SocketServer> {
  const server = createServer((incoming, outgoing) => {
    unawaited(exchange(incoming, outgoing, handle), (because) => {
      if (!outgoing.destroyed) say(because);
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<void> {
  const request = await readRequest(incoming);
  const answer = request === null ? emptyAnswer(400) : await handle(request);
  send(outgoing, answer);
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest | null> {
  const headers = joinedHeaders(incoming.rawHeaders);
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  // Without a length the platform does not read a body, chunked ones included.
  const body = headers["content-length"] === undefined ? null : Buffer.concat(chunks);
  const url = urlOf(incoming.url ?? "/", headers.host ?? "127.0.0.1");
  return url && { method: incoming.method ?? "GET", url, headers, body };
}

function urlOf(path: string, host: string): URL | null {
  try {
    return new URL(`http://${host}${path}`);
  } catch {
    return null;
  }
}

/** Repeated headers in one, without a blank. */
function joinedHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    const value = raw[i + 1] ?? "";
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  return headers;
}

/** Names as the real front writes them; the worker's own stay as they are. */
const SPELLING = [
  "Connection",
  "Content-Length",
  "Content-Type",
  "Date",
  "Location",
  "Retry-After",
  "Server",
  "Set-Cookie",
  "Transfer-Encoding",
];

function send(outgoing: ServerResponse, { status, headers, body }: HttpAnswer): void {
  outgoing.statusCode = status;
  outgoing.sendDate = false;
  outgoing.removeHeader("connection");
  const spelled = headers.map(([name, value]) => {
    const known = SPELLING.find((one) => one.toLowerCase() === name.toLowerCase());
    return [known ?? name, value] as const;
  });
  for (const [name, value] of spelled.sort(byName)) outgoing.appendHeader(name, value);
  if (body.length > 0) outgoing.write(body);
  outgoing.end();
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
