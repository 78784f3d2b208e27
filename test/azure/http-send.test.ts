import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createFunctionKeys } from "../../shared/azure/function-keys.ts";
import { createHttpSend } from "../../shared/azure/http-send.ts";
import { createPeers } from "../../shared/azure/peers.ts";
import { createReferences } from "../../shared/azure/references.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";
import { sites } from "../contract/world-under-test.ts";

const clock = createWallClock();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

/** A port that nobody listens on. */
async function shutPort(): Promise<string> {
  const address = await serve(() => undefined);
  const server = servers.pop();
  server?.close();
  return address;
}

const request = { method: "GET", headers: {}, timeoutMs: 2_000 } as const;

describe("one request to another site", () => {
  test("carries method, headers and body, and brings back status and text", async () => {
    const address = await serve((asked, answer) => {
      answer.statusCode = 418;
      asked.on("data", (body) => {
        answer.end(`${asked.method} ${asked.headers["x-functions-key"]} ${body} ü`);
      });
    });
    const send = createHttpSend({ clock });
    const headers = { "x-functions-key": "k" };
    const url = `http://${address}/`;
    const answer = await send({ ...request, method: "POST", url, headers, body: "hello" });
    expect(answer).toEqual({ status: 418, text: "POST k hello ü" });
  });

  test.each([
    ["never answers", (() => undefined) as RequestListener],
    ["stops in the middle of its body", ((_, answer) => answer.write("half")) as RequestListener],
  ])("is given up in time when the other side %s", async (_, listener) => {
    const address = await serve(listener);
    const send = createHttpSend({ clock });
    const startedAt = clock.now();
    await expect(send({ ...request, url: `http://${address}/`, timeoutMs: 150 })).rejects.toThrow(
      "Cannot send: DeadlineMissed",
    );
    expect(clock.now() - startedAt).toBeLessThan(1_500);
  });

  test("is given up when the answer has no end", async () => {
    const address = await serve((_, answer) => {
      const more = (): void => {
        if (answer.write("x".repeat(64 * 1024))) setImmediate(more);
        else answer.once("drain", more);
      };
      more();
    });
    const send = createHttpSend({ clock });
    await expect(send({ ...request, url: `http://${address}/` })).rejects.toThrow(
      "Cannot send: answer-too-large",
    );
  });

  test("does not carry its key to where a redirect points", async () => {
    let followed = 0;
    const elsewhere = await serve((_, answer) => {
      followed += 1;
      answer.end();
    });
    const address = await serve((_, answer) => {
      answer.writeHead(302, { location: `http://${elsewhere}/` }).end();
    });
    const answer = await createHttpSend({ clock })({ ...request, url: `http://${address}/` });
    expect(answer.status).toBe(302);
    expect(followed).toBe(0);
  });

  test("says why it failed without saying where it went", async () => {
    const address = await shutPort();
    const url = `http://${address}/api/tick?code=secret`;
    const failure = await createHttpSend({ clock })({ ...request, url }).catch(String);
    expect(failure).toBe("NoAnswer: Cannot send: ECONNREFUSED");
  });
});

test("a peer is shown its own key and no other", async () => {
  const seen: unknown[] = [];
  const address = await serve((asked, answer) => {
    seen.push(asked.headers["x-functions-key"] ?? null);
    answer.end("{}");
  });
  const keyOf = createFunctionKeys({
    GEO_FAILOVER_KEY_NEU: "key-of-neu",
    GEO_FAILOVER_KEY_SEC: "",
  });
  const peers = createPeers({ send: createHttpSend({ clock }), keyOf });
  const url = `http://${address}`;
  expect(await peers.tick({ ...sites.neu, url }, 2_000)).toBe("ok");
  expect(await peers.tick({ ...sites.sec, url }, 2_000)).toBe("ok");
  expect(seen).toEqual(["key-of-neu", null]);
  expect(keyOf({ ...sites.neu, name: "neu-2" })).toBeNull();
});

describe("a reference target", () => {
  const references = createReferences({ clock, send: createHttpSend({ clock }) });

  test("is reached when its port takes a connection", async () => {
    expect(await references.reach(await serve(() => undefined), 2_000)).toBe("ok");
  });

  test("is not reached when nobody listens, or its name means nothing", async () => {
    expect(await references.reach(await shutPort(), 2_000)).toBe("failed");
    expect(await references.reach("no-such-host.invalid:1433", 2_000)).toBe("failed");
    expect(await references.reach("not a target", 2_000)).toBe("unknown");
  });

  test("that is a URL is reached by any answer, even one that says no", async () => {
    const asked: (string | undefined)[] = [];
    const address = await serve(({ method }, answer) => {
      asked.push(method);
      answer.writeHead(503).end();
    });
    expect(await references.reach(`http://${address}/ping`, 2_000)).toBe("ok");
    expect(asked).toEqual(["HEAD"]);
    expect(await references.reach(`http://${await shutPort()}/ping`, 2_000)).toBe("failed");
  });
});
