import fc from "fast-check";
import { expect, test } from "vitest";
import { type Message, PacketReader, packetsOf } from "../../../../simulator/azure/tds/packets.ts";

const message = fc.record({
  type: fc.constantFrom(0x01, 0x03, 0x10, 0x12),
  payload: fc.uint8Array({ maxLength: 10_000 }).map((bytes) => Buffer.from(bytes)),
});

test("messages survive being cut anywhere", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 4 }),
      fc.integer({ min: 1, max: 5_000 }),
      (sent, size) => {
        const bytes = Buffer.concat(sent.map(packetsOf));
        const reader = new PacketReader();
        const read: Message[] = [];
        for (let at = 0; at < bytes.length; at += size)
          read.push(...reader.read(bytes.subarray(at, at + size)));
        expect(read).toEqual(sent);
      },
    ),
    { seed: 7, numRuns: 60 },
  );
});

test("a packet shorter than its own header is none", () => {
  expect(() => new PacketReader().read(Buffer.of(1, 1, 0, 3, 0, 0, 0, 0))).toThrow(
    "Cannot read a packet",
  );
});
