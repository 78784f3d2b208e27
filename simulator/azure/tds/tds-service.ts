import { connect, createServer, type Server, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { instanceUp, isOn } from "../world/instance-health.ts";
import { serverNamed } from "../world/names.ts";
import { namesResolve, vantageReaches } from "../world/network.ts";
import type { Vantage, World } from "../world/world.ts";
import { createCertificate } from "./certificate.ts";
import { forgotten, networkError } from "./dialling.ts";
import { Gate } from "./gate.ts";
import { linkedSockets } from "./linked-sockets.ts";
import type { LoginMessage } from "./read-client.ts";
import { serveConnection, type TdsContext } from "./tds-connection.ts";
import { Wire } from "./wire.ts";

export interface TdsOptions {
  /** "tls" answers a client that wants it; "none" says that the server cannot. */
  readonly encryption?: "tls" | "none";
  /** SQL logins beside the token of the site. */
  readonly logins?: readonly { readonly userName: string; readonly password: string }[];
  /**
   * As instances do whose connection type is Redirect: the first login is sent on to a node, whose port may
   * be shut, or silent.
   */
  readonly redirects?: boolean | "to-shut-port" | "to-silence";
  readonly spoil?: TdsContext["spoil"];
  /** What carries the bytes: the loopback address, or nothing but this process, which repeats itself to the letter. */
  readonly carrier?: "loopback" | "memory";
  /** A clock that stands still while bytes are on their way; the wall's does not. */
  readonly hold?: (work: Promise<void>) => unknown;
}

/** The instances as `tedious` reaches them from one site. */
export interface TdsService {
  /** Listens on the loopback address; there, the first call to `dial` does so too. Keeps no process alive. */
  listen(): Promise<{ readonly port: number }>;
  /** The way there: names, routes and shut ports are the world's, the connection is a real one. */
  dial(
    address: { readonly host: string; readonly port: number },
    signal: AbortSignal,
  ): Promise<Socket>;
  /** What a client must expect: the authority that the servers' certificate is from, or nothing. */
  readonly encryption:
    | { readonly kind: "own-authority"; readonly ca: string }
    | { readonly kind: "none" };
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const NAME_TAKES_MS = 3;
const REFUSAL_TAKES_MS = 40;
const NODE = "node1.";

/** The instances over TDS. One service per site: a server cannot tell otherwise who asks from where. */
export function createTdsService(
  world: World,
  vantage: Vantage,
  options: TdsOptions = {},
): TdsService {
  const { encryption = "tls", carrier = "loopback", hold = () => undefined, redirects } = options;
  const certificate = encryption === "tls" ? createCertificate(namesIn(world)) : null;
  const context = contextOf(world, vantage, options, certificate);
  const gates = new Map<number, Gate>();
  const sockets = new Set<Socket>();

  const gateOf = (port: number): Gate => {
    const known = gates.get(port) ?? new Gate(hold);
    gates.set(port, known);
    return known;
  };
  const serve = (socket: Socket, gate: Gate, forget: () => void): void => {
    gate.busy();
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      forget();
      gate.end();
    });
    // Whatever a client sends that cannot be read ends its own connection and nothing else.
    serveConnection(context, new Wire(socket), gate).catch(() => socket.destroy());
  };
  const server = createServer((socket) => {
    const port = socket.remotePort ?? 0;
    serve(socket, gateOf(port), () => gates.delete(port));
  });

  let listening: Promise<{ readonly port: number }> | null = null;
  const listenOnce = (): Promise<{ readonly port: number }> => {
    listening ??= listen(server);
    return listening;
  };

  return {
    encryption:
      certificate === null
        ? { kind: "none" }
        : { kind: "own-authority", ca: certificate.certificatePem },
    listen: listenOnce,
    close: () => close(server, sockets),
    dial: async ({ host }, signal) => {
      await passNetwork(world, vantage, host, signal);
      if (host.startsWith(NODE) && redirects === "to-silence") await forgotten(signal);
      if (host.startsWith(NODE) && redirects === "to-shut-port") throw networkError("ECONNREFUSED");
      if (carrier === "memory") {
        const [near, far] = linkedSockets();
        serve(far, new Gate(hold), () => undefined);
        return near;
      }
      const arriving = listenOnce().then(({ port }) => arrive(port));
      hold(arriving.then(ignore, ignore));
      const socket = await arriving;
      gateOf(socket.localPort ?? 0).busy();
      return socket;
    },
  };
}

function contextOf(
  world: World,
  vantage: Vantage,
  { logins = [], redirects = false, spoil = () => null }: TdsOptions,
  certificate: ReturnType<typeof createCertificate> | null,
): TdsContext {
  return {
    world,
    vantage,
    secureContext:
      certificate === null
        ? null
        : createSecureContext({
            key: certificate.keyPem,
            cert: certificate.certificatePem,
            // What the client speaks at most; see wire.ts on why there is no resumption.
            maxVersion: "TLSv1.2",
          }),
    knows: (login) => isKnown(login, vantage, logins),
    redirect: (name) => (redirects !== false && !name.startsWith(NODE) ? `${NODE}${name}` : null),
    spoil,
  };
}

function isKnown(
  { token, userName, password }: LoginMessage,
  vantage: Vantage,
  logins: NonNullable<TdsOptions["logins"]>,
): boolean {
  if (token !== null) return token === `simulated-token-of-${vantage.name}`;
  return logins.some((each) => each.userName === userName && each.password === password);
}

/** Every name that a client may ask for, and the node behind each. */
function namesIn(world: World): readonly string[] {
  const names = [...world.groups.values()].flatMap(({ group }) => {
    const zone = group.home.fqdn.slice(group.home.fqdn.indexOf(".") + 1);
    const listeners = [`${group.name}.${zone}`, `${group.name}.secondary.${zone}`];
    return [group.home.fqdn, group.partner.fqdn, ...listeners];
  });
  return names.flatMap((name) => [name.toLowerCase(), `${NODE}${name.toLowerCase()}`]);
}

/** What happens to a connection before any server hears of it. */
export async function passNetwork(
  world: World,
  vantage: Vantage,
  host: string,
  signal: AbortSignal,
): Promise<void> {
  world.now();
  const named = serverNamed(world, host.replace(NODE, ""));
  if (named === null || !namesResolve(world, vantage)) {
    await world.wait(NAME_TAKES_MS);
    throw networkError("ENOTFOUND");
  }
  const { group, side } = named;
  const shut = world
    .faults("instance-down")
    .some((fault) => isOn(fault, group, side) && fault.how === "refused");
  const reached = vantageReaches(world, vantage, group.group[side].region);
  if (reached && shut) {
    await world.wait(REFUSAL_TAKES_MS);
    throw networkError("ECONNREFUSED");
  }
  if (!reached || !instanceUp(world, group, side)) await forgotten(signal);
}

function arrive(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: LOOPBACK, port });
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

function listen(server: Server): Promise<{ readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.unref();
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      resolve({ port: typeof address === "object" && address !== null ? address.port : 0 });
    });
  });
}

function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

function ignore(): void {}
