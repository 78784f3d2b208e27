import * as http from "node:http";

export interface WireRequest {
  method?: string;
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
  /** Sends the body in chunks, without a content-length. */
  chunked?: boolean;
}

export interface WireAnswer {
  /** 0 when there was no answer; `text` then says why. */
  status: number;
  headers: Record<string, string | string[]>;
  rawHeaders: readonly string[];
  text: string;
  /** When each chunk came, in real ms after the request was sent. */
  chunkAtMs: readonly number[];
}

/** Sends one request over a connection of its own, with no header but those a socket needs. */
export function send(port: number, request: WireRequest): Promise<WireAnswer> {
  const { method = "GET", path, headers = {}, body, chunked = false } = request;
  return new Promise((resolve) => {
    const length =
      body === undefined || chunked ? {} : { "Content-Length": Buffer.byteLength(body) };
    const outgoing = http.request(
      { host: "127.0.0.1", port, method, path, agent: false, headers: { ...length, ...headers } },
      (incoming) => {
        collect(incoming).then(resolve, (error: Error) => resolve(unanswered(error.message)));
      },
    );
    outgoing.on("error", (error) => resolve(unanswered(error.message)));
    if (chunked) outgoing.setHeader("Transfer-Encoding", "chunked");
    else if (body === undefined && method !== "GET") outgoing.setHeader("Content-Length", "0");
    outgoing.end(body);
  });
}

async function collect(incoming: http.IncomingMessage): Promise<WireAnswer> {
  const startMs = performance.now();
  const chunks: Buffer[] = [];
  const chunkAtMs: number[] = [];
  try {
    for await (const chunk of incoming) {
      chunks.push(Buffer.from(chunk));
      chunkAtMs.push(performance.now() - startMs);
    }
  } catch (error) {
    return unanswered(String(error));
  }
  return {
    status: incoming.statusCode ?? 0,
    headers: definedHeaders(incoming.headers),
    rawHeaders: incoming.rawHeaders,
    text: Buffer.concat(chunks).toString("utf8"),
    chunkAtMs,
  };
}

function definedHeaders(headers: http.IncomingHttpHeaders): Record<string, string | string[]> {
  const defined: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) defined[name] = value;
  return defined;
}

function unanswered(why: string): WireAnswer {
  return { status: 0, headers: {}, rawHeaders: [], text: why, chunkAtMs: [] };
}
