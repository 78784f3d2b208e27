/** Types of TDS messages. */
export const MESSAGE = {
  batch: 0x01,
  rpc: 0x03,
  answer: 0x04,
  attention: 0x06,
  login: 0x10,
  prelogin: 0x12,
} as const;

export interface Message {
  readonly type: number;
  readonly payload: Buffer;
}

const HEADER = 8;
const PACKET_MAX = 4096;
const MESSAGE_MAX = 1_000_000;
const LAST = 0x01;

/** Puts packets together to messages. Throws at what is no TDS. */
export class PacketReader {
  private bytes = Buffer.alloc(0);
  private parts: Buffer[] = [];

  /** Messages that are complete with these bytes. */
  read(chunk: Buffer): readonly Message[] {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const messages: Message[] = [];
    while (this.bytes.length >= HEADER) {
      const length = this.bytes.readUInt16BE(2);
      if (length < HEADER || this.bytes.length > MESSAGE_MAX) {
        throw new Error(`Cannot read a packet: impossible length: ${length}`);
      }
      if (this.bytes.length < length) break;
      const [type, status] = [this.bytes.readUInt8(0), this.bytes.readUInt8(1)];
      this.parts.push(this.bytes.subarray(HEADER, length));
      this.bytes = this.bytes.subarray(length);
      if ((status & LAST) === 0) continue;
      messages.push({ type, payload: Buffer.concat(this.parts) });
      this.parts = [];
    }
    return messages;
  }
}

/** One message as packets. */
export function packetsOf({ type, payload }: Message): Buffer {
  const packets: Buffer[] = [];
  for (let from = 0; from === 0 || from < payload.length; from += PACKET_MAX - HEADER) {
    const part = payload.subarray(from, from + PACKET_MAX - HEADER);
    const header = Buffer.alloc(HEADER);
    header.writeUInt8(type, 0);
    header.writeUInt8(from + part.length === payload.length ? LAST : 0, 1);
    header.writeUInt16BE(HEADER + part.length, 2);
    header.writeUInt8((packets.length + 1) % 256, 6);
    packets.push(header, part);
  }
  return Buffer.concat(packets);
}
