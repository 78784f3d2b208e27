import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { linkedSockets } from "../../../../simulator/azure/tds/linked-sockets.ts";

function heardBy(socket: Socket): () => string {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

describe("a connection inside of this process", () => {
  test("carries bytes both ways, in order", async () => {
    const [near, far] = linkedSockets();
    const [there, back] = [heardBy(far), heardBy(near)];
    for (const part of ["a", "b", "c"]) near.write(part);
    far.write("d");
    near.end("e");
    await once(far, "close");
    expect([there(), back()]).toEqual(["abce", "d"]);
  });

  test("is over for both when one end is", async () => {
    const [near, far] = linkedSockets();
    heardBy(near);
    heardBy(far);
    far.destroy();
    await once(near, "close");
    expect([near.destroyed, near.errored]).toEqual([true, null]);
  });

  test("that is cut says so, as the system does", async () => {
    const [near, far] = linkedSockets();
    far.resetAndDestroy();
    const [error] = await once(near, "error");
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });

  test("keeps what was sent before anybody listened", async () => {
    const [near, far] = linkedSockets();
    near.write("early");
    near.end();
    const heard = heardBy(far);
    await once(far, "close");
    expect(heard()).toBe("early");
  });
});
