import { connect, type Socket } from "node:net";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Opens a connection, or rejects with an error whose `code` is that of the system. Gives up on abort. */
export type Dial = (address: Address, signal: AbortSignal) => Promise<Socket>;

/** Resolves the name and connects, as the network has it now: nothing is kept from the last time. */
export const dialTcp: Dial = ({ host, port }, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const giveUp = (): void => {
      socket.destroy();
      reject(new Error("Cannot connect: given up"));
    };
    socket.once("error", reject);
    socket.once("connect", () => {
      signal.removeEventListener("abort", giveUp);
      socket.off("error", reject);
      socket.setNoDelay(true);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
