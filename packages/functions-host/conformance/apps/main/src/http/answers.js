"use strict";

const { Readable } = require("node:stream");
const { app, HttpResponse } = require("@azure/functions");
const { sleep } = require("../../../probe-kit");

/** One maker a kind, called for its own request only: bodies and streams are read once. */
const ANSWERS = {
  undef: () => undefined,
  nul: () => null,
  str: () => "text",
  num: () => 5,
  arr: () => [1],
  empty: () => ({}),
  status201: () => ({ status: 201 }),
  s204: () => ({ status: 204, body: "x" }),
  s304: () => ({ status: 304, body: "x" }),
  s999: () => ({ status: 999 }),
  s99: () => ({ status: 99 }),
  jb: () => ({ jsonBody: { a: 1 } }),
  jbu: () => ({ jsonBody: undefined }),
  jbn: () => ({ jsonBody: null }),
  buf: () => ({ body: Buffer.from([1, 2, 3]) }),
  hdr: () => ({ headers: { "X-A": "b", "Content-Type": "text/weird" }, body: "q" }),
  cookies: () => ({ cookies: [{ name: "c", value: "v", httpOnly: true, maxAge: 5 }], body: "c" }),
  multi: () =>
    new HttpResponse({
      body: "mh",
      headers: [
        ["x-m", "1"],
        ["x-m", "2"],
      ],
    }),
  obj: () => ({ body: { a: 1 } }),
  stream: () => ({ body: Readable.from(["a", "b", "c"]) }),
  web: () => new Response("webresp", { status: 202 }),
  badhdr: () => ({ headers: { "bad name": "x" }, body: "b" }),
  bignum: () => ({ status: "200", body: "strstatus" }),
};

app.http("retodd", {
  route: "retodd/{k}",
  methods: ["GET"],
  handler: (request) => ANSWERS[request.params.k]?.(),
});

app.http("throws", {
  methods: ["GET", "POST"],
  handler: () => {
    throw new Error("handler boom");
  },
});

app.http("badjson", {
  methods: ["POST"],
  handler: async (request) => ({ jsonBody: { j: await request.json() } }),
});

app.http("slow", {
  methods: ["GET"],
  handler: async (request) => {
    await sleep(Number(request.query.get("ms") || 1000));
    return { body: "slow" };
  },
});

app.http("streamresp", {
  methods: ["GET"],
  handler: () => ({ body: chunksApart(5, 300) }),
});

function chunksApart(count, gapMs) {
  return new ReadableStream({
    async start(controller) {
      for (let k = 0; k < count; k++) {
        controller.enqueue(new TextEncoder().encode(`chunk${k}\n`));
        await sleep(gapMs);
      }
      controller.close();
    },
  });
}

app.http("bigresp", {
  methods: ["GET"],
  handler: (request) => ({ body: "z".repeat(Number(request.query.get("n") || 1e6)) }),
});
