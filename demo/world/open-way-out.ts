import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer, type Socket } from "node:net";
import { unawaited } from "functions-host/unawaited";
import type { SendRequest } from "../../shared/azure/peers.ts";
import type { Site } from "../../shared/domain/group.ts";
import type { Certificate } from "../../simulator/azure/tds/certificate.ts";
import { createTdsService } from "../../simulator/azure/tds/tds-service.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import type { Connections } from "./answer-connection.ts";
import { createAnswering } from "./answer-http.ts";
import { answerEach, listen } from "./listen.ts";

/** Where everything goes that leaves the process of one site. */
export interface WayOut {
  readonly port: number;
  /** Who signed what its instances show. */
  readonly authority: string;
  close(): void;
}

interface WayOutOptions {
  readonly connections: Connections;
  /** What all hosts but the instances show. */
  readonly certificate: Certificate;
  readonly send: SendRequest;
  readonly webhook: string;
  /** The app of this site says where it listens. */
  readonly onHere: (at: string) => object;
  readonly say: (line: string) => void;
}

const LOOPBACK = "127.0.0.1";
/** How the three protocols begin; plain HTTP begins with a letter. */
const TLS_HANDSHAKE = 0x16;
const TDS_PRELOGIN = 0x12;

/**
 * One loopback port for one site: a server cannot tell otherwise who asks from where. TLS is HTTP to Azure, TDS is
 * an instance, and plain HTTP is what belongs to the machine: the network's own questions, and the token endpoint.
 */
export async function openWayOut(
  world: World,
  site: Site,
  options: WayOutOptions,
): Promise<WayOut> {
  const { connections, certificate, send, webhook, onHere, say } = options;
  const tds = createTdsService(world, site);
  if (tds.encryption.kind === "none") throw new Error("Cannot open a way out: without TLS");
  const { port: tdsPort } = await tds.listen();
  const answer = createAnswering(world, site, { send, webhook });
  const secure = createHttpsServer(
    { key: certificate.keyPem, cert: certificate.certificatePem },
    answerEach(
      (request, response) => answer(request, response, `https://${request.headers.host}`),
      say,
    ),
  );
  const plain = createHttpServer(
    answerEach(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://world");
      const host = (searchParams.get("host") ?? "").toLowerCase();
      switch (pathname) {
        case "/address":
          return reply(response, () => connections.addressOf(site, host));
        case "/dial":
          return reply(response, (signal) => connections.passTo(site, host, signal));
        case "/here":
          return reply(response, async () => onHere(searchParams.get("at") ?? ""));
        default:
          return answer(request, response, `http://${LOOPBACK}`);
      }
    }, say),
  );

  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((socket) => {
    keep(socket).once("data", (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) secure.emit("connection", socket);
      else if (first[0] === TDS_PRELOGIN) join(socket, keep(connect(tdsPort, LOOPBACK)));
      else {
        plain.emit("connection", socket);
        socket.resume();
      }
    });
  });
  return {
    port: await listen(server, 0),
    authority: tds.encryption.ca,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      unawaited(tds.close(), say);
    },
  };
}

/** What one end says the other hears; they end together. */
function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  one.on("close", () => other.destroy());
  other.on("close", () => one.destroy());
}

/** Tells how a question to the network ended: with what was asked for, or with the network's code. */
async function reply(
  response: ServerResponse,
  work: (signal: AbortSignal) => Promise<object>,
): Promise<void> {
  const ending = new AbortController();
  response.once("close", () => ending.abort());
  const said = await work(ending.signal).catch((error: unknown) => ({ code: codeOf(error) }));
  response.end(JSON.stringify(said));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "EAI_AGAIN";
}
