import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { MESSAGE, type Message, PacketReader, packetsOf } from "./packets.ts";

/** A TLS 1.2 handshake without resumption: the server speaks twice, each time in one piece. */
const SERVER_FLIGHTS = 2;

/** One connection as messages. After `startTls` they are encrypted. */
export class Wire {
  private readonly socket: Socket;
  private channel: Duplex;
  private reader = new PacketReader();
  private readonly arrived: Message[] = [];
  private waiting: ((message: Message | null) => void) | null = null;
  private closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    this.channel = socket;
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.closed = true;
      this.waiting?.(null);
    });
    this.readFrom(socket);
  }

  /** The next message, or null when the client has gone. */
  next(): Promise<Message | null> {
    const message = this.arrived.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting = (next) => {
        this.waiting = null;
        resolve(next);
      };
    });
  }

  send(message: Message): void {
    if (!this.closed) this.channel.write(packetsOf(message));
  }

  /** Bytes that are whatever they are. */
  sendRaw(bytes: Buffer): void {
    if (!this.closed) this.channel.write(bytes);
  }

  /** Cuts the connection as a machine does that is gone. */
  cut(): void {
    this.socket.resetAndDestroy();
  }

  /** From here on the client shakes hands inside of pre-login messages; what follows is plain TLS. */
  startTls(secureContext: SecureContext): void {
    const { socket } = this;
    const packets = new PacketReader();
    let flights = 0;
    const inner = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        const shaking = flights < SERVER_FLIGHTS;
        flights += 1;
        socket.write(shaking ? packetsOf({ type: MESSAGE.prelogin, payload: chunk }) : chunk);
        done();
      },
    });
    socket.removeAllListeners("data");
    socket.on("data", (chunk: Buffer) => {
      if (flights >= SERVER_FLIGHTS) inner.push(chunk);
      else for (const { payload } of this.parsed(packets, chunk)) inner.push(payload);
    });
    const secure = new TLSSocket(inner, { isServer: true, secureContext });
    secure.on("error", () => socket.destroy());
    socket.on("close", () => secure.destroy());
    this.reader = new PacketReader();
    this.channel = secure;
    this.readFrom(secure);
  }

  private readFrom(channel: Duplex): void {
    channel.on("data", (chunk: Buffer) => {
      for (const message of this.parsed(this.reader, chunk)) {
        if (this.waiting === null) this.arrived.push(message);
        else this.waiting(message);
      }
    });
  }

  private parsed(reader: PacketReader, chunk: Buffer): readonly Message[] {
    try {
      return reader.read(chunk);
    } catch {
      // A client that does not speak TDS gets no answer.
      this.socket.destroy();
      return [];
    }
  }
}
