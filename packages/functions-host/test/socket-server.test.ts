// A client that goes away ends its own exchange, and nothing else.

import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { emptyAnswer } from "../src/http-message.ts";
import { serve } from "../src/socket-server.ts";

async function withServer(
  handle: Parameters<typeof serve>[1],
  work: (port: number, said: readonly string[]) => Promise<void>,
): Promise<void> {
  const said: string[] = [];
  const uncaught: unknown[] = [];
  const note = (error: unknown): number => uncaught.push(error);
  process.on("unhandledRejection", note);
  const server = await serve(0, handle, (because) => said.push(because));
  await work(server.port, said);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await fetch(`http://127.0.0.1:${server.port}/after`)).toMatchObject({ status: 200 });
  await server.close();
  process.off("unhandledRejection", note);
  expect(uncaught.map(String)).toEqual([]);
}

test("a client that hangs up in the middle of its body leaves the others served", () =>
  withServer(
    async () => emptyAnswer(200),
    async (port) => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write("POST /api/alert HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n{");
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.resetAndDestroy();
    },
  ));

test("a client that hangs up before its answer leaves the others served", () =>
  withServer(
    async ({ url }) => {
      if (url.pathname === "/slow") await new Promise((resolve) => setTimeout(resolve, 60));
      return { ...emptyAnswer(200), body: new Uint8Array(100_000) };
    },
    async (port) => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write("GET /slow HTTP/1.1\r\nhost: here\r\n\r\n");
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.resetAndDestroy();
      await new Promise((resolve) => setTimeout(resolve, 60));
    },
  ));

test("an answer that cannot be made is said, and its client is let go", () =>
  withServer(
    async ({ url }) => {
      if (url.pathname === "/broken") throw new Error("Cannot answer: broken");
      return emptyAnswer(200);
    },
    async (port, said) => {
      await expect(fetch(`http://127.0.0.1:${port}/broken`)).rejects.toThrow();
      expect(said.join()).toContain("Cannot answer: broken");
    },
  ));
