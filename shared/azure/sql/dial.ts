import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { connect, type Socket } from "node:net";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Opens a connection, or rejects with an error whose `code` is that of the system. Gives up on abort. */
export type Dial = (address: Address, signal: AbortSignal) => Promise<Socket>;

/**
 * Dials over the network as it is now: nothing is kept from the last time. All addresses of a name are
 * tried side by side and none is given up before the signal says so; the first that answers is taken.
 */
export function createDial(lookup: typeof systemLookup): Dial {
  return async ({ host, port }, signal) => {
    const addresses = await unlessAborted(resolve(lookup, host), signal);
    const sockets = addresses.map(({ address, family }) =>
      connect({ host: address, port, family }),
    );
    try {
      const socket = await unlessAborted(firstConnected(sockets), signal);
      socket.setNoDelay(true);
      return socket;
    } catch (error) {
      // They say the same, or the first says no less than the others.
      throw error instanceof AggregateError ? (error.errors[0] ?? error) : error;
    } finally {
      for (const socket of sockets) if (socket.connecting || signal.aborted) socket.destroy();
    }
  };
}

export const dialTcp: Dial = createDial(systemLookup);

function resolve(lookup: typeof systemLookup, host: string): Promise<readonly LookupAddress[]> {
  return new Promise((found, failed) => {
    lookup(host, { all: true }, (error, addresses) => (error ? failed(error) : found(addresses)));
  });
}

function firstConnected(sockets: readonly Socket[]): Promise<Socket> {
  let taken = false;
  return Promise.any(
    sockets.map(
      (socket) =>
        new Promise<Socket>((connected, failed) => {
          socket.on("error", failed);
          socket.once("connect", () => {
            if (taken) socket.destroy();
            taken = true;
            connected(socket);
          });
        }),
    ),
  );
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, failed) => {
    const giveUp = (): void => failed(new Error("Cannot connect: given up"));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
    work.then(done, failed).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
