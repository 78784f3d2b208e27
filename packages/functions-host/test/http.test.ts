import { app } from "@azure/functions";
import { describe, expect, test } from "vitest";
import { openBench } from "./bench.ts";

function register(): void {
  const echo =
    (name: string) =>
    ({ params }: { params: Record<string, string> }) => ({
      body: `${name} ${JSON.stringify(params)}`,
    });
  app.http("a_param", { route: "prec/{id}", methods: ["GET"], handler: echo("param") });
  app.http("z_literal", { route: "prec/special", methods: ["GET"], handler: echo("literal") });
  app.http("b_int", { route: "cons/{id:int}", methods: ["GET"], handler: echo("int") });
  app.http("c_any", { route: "cons/{id}", methods: ["GET"], handler: echo("any") });
  app.http("opt", { route: "opt/{a}/{b?}", methods: ["GET"], handler: echo("opt") });
  app.http("star", { route: "star/{*rest}", methods: ["GET"], handler: echo("star") });
  app.http("files", { route: "files/{name}.{ext}", methods: ["GET"], handler: echo("file") });
  app.http("fnlevel", { authLevel: "function", handler: () => ({ body: "in" }) });
  app.http("adminlevel", { authLevel: "admin", handler: () => ({ body: "in" }) });
  app.http("dump", {
    methods: ["GET", "POST"],
    handler: async (request) => ({
      jsonBody: {
        query: [...request.query.entries()],
        headers: Object.fromEntries(request.headers.entries()),
        bodyNull: request.body === null,
        text: await request.text(),
      },
    }),
  });
  app.http("returns", {
    route: "returns/{what}",
    handler: ({ params }) => RETURNED[params.what ?? ""] as object,
  });
  app.http("throws", {
    handler: () => {
      throw new Error("handler boom");
    },
  });
  app.http("late", {
    handler: () => {
      try {
        app.http("toolate", { handler: () => ({}) });
        return { body: "registered" };
      } catch (error) {
        return { body: (error as Error).message };
      }
    },
  });
}

const RETURNED: Record<string, unknown> = {
  nothing: undefined,
  text: "just text",
  empty: {},
  json: { jsonBody: { a: 1 } },
  created: { status: 201 },
  impossible: { status: 999 },
  cookie: { cookies: [{ name: "c", value: "v", httpOnly: true, maxAge: 5 }], body: "c" },
};

describe("a route", () => {
  test.each([
    ["/api/prec/special", 'param {"id":"special"}'],
    ["/api/PREC/x", 'param {"id":"x"}'],
    ["/api/cons/5", 'int {"id":"5"}'],
    ["/api/cons/five", 'any {"id":"five"}'],
    ["/api/opt/1", 'opt {"a":"1"}'],
    ["/api/opt/1/2", 'opt {"a":"1","b":"2"}'],
    ["/api/star/a/b/c", 'star {"rest":"a/b/c"}'],
    ["/api/star/", "star {}"],
    ["/api/files/x.y.tar", 'file {"ext":"tar","name":"x.y"}'],
    ["/api/opt/a%20b%2Fc", 'opt {"a":"a b%2Fc"}'],
    ["/api/opt/a+b/100%25", 'opt {"a":"a+b","b":"100%"}'],
  ])("%s reaches %s", async (path, expected) => {
    const { get } = await openBench(register);
    expect(await get(path)).toMatchObject({ status: 200, text: expected });
  });

  test.each([
    ["GET", "/api/none"],
    ["GET", "/api//dump"],
    ["POST", "/api/prec/x"],
    ["HEAD", "/api/prec/x"],
    ["OPTIONS", "/api/dump"],
  ])("%s %s is nobody's: 404", async (method, url) => {
    const { host } = await openBench(register);
    const answer = await host.fetch({ method, url });
    expect(answer.status).toBe(404);
    expect(answer.body).toHaveLength(0);
  });
});

describe("a key", () => {
  test.each([
    ["/api/fnlevel", {}, 401],
    ["/api/fnlevel?code=wrong", {}, 401],
    ["/api/fnlevel?code=host-key", {}, 200],
    ["/api/fnlevel?code=wrong", { "x-functions-key": "host-key" }, 200],
    ["/api/fnlevel?code=master-key", {}, 200],
    ["/api/fnlevel?code=system-key", {}, 401],
    ["/api/adminlevel?code=host-key", {}, 401],
    ["/api/adminlevel?code=master-key", {}, 200],
    ["/api/dump?code=wrong", {}, 200],
    ["/admin/host/status", {}, 401],
    ["/admin/host/status?code=master-key", {}, 200],
    ["/runtime/webhooks/durabletask/instances", {}, 401],
    ["/runtime/webhooks/durabletask/instances?code=host-key", {}, 403],
    ["/runtime/webhooks/durabletask/instances?code=system-key", {}, 200],
  ] as const)("%s %j answers %i", async (path, headers, status) => {
    const { get } = await openBench(register);
    expect((await get(path, headers)).status).toBe(status);
  });
});

describe("a request", () => {
  test("has its repeated query keys joined, whatever their case", async () => {
    const { get } = await openBench(register);
    const { text } = await get("/api/dump?x=1&x=2&X=3&y=&e=%20%2B&plus=a+b");
    expect(JSON.parse(text).query).toEqual([
      ["x", "1,2,3"],
      ["y", ""],
      ["e", " +"],
      ["plus", "a b"],
    ]);
  });

  test("loses its body when it comes in chunks, or with a GET", async () => {
    const { host, post } = await openBench(register);
    const chunked = await post("/api/dump", "hello", { "transfer-encoding": "chunked" });
    expect(JSON.parse(chunked.text)).toMatchObject({ bodyNull: true, text: "" });
    const get = await host.fetch({ method: "GET", url: "/api/dump", body: "hello" });
    expect(JSON.parse(Buffer.from(get.body).toString())).toMatchObject({ bodyNull: true });
    const plain = await post("/api/dump", "hello");
    expect(JSON.parse(plain.text)).toMatchObject({ bodyNull: false, text: "hello" });
  });

  test("is refused when a header is not ASCII", async () => {
    const { get } = await openBench(register);
    expect((await get("/api/dump", { "x-name": "ü" })).status).toBe(400);
  });
});

describe("a function that returns", () => {
  test.each([
    ["nothing", 204, "", undefined],
    ["text", 500, "", "0"],
    ["empty", 200, "", "0"],
    ["json", 200, '{"a":1}', undefined],
    ["created", 201, "", "0"],
    ["impossible", 500, "", "0"],
  ])("%s: %i", async (what, status, text, length) => {
    const { get } = await openBench(register);
    const answer = await get(`/api/returns/${what}`);
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers["content-length"]).toBe(length);
  });

  test("a cookie: it is set", async () => {
    const { get } = await openBench(register);
    const answer = await get("/api/returns/cookie");
    expect(answer.headers["set-cookie"]).toBe("c=v; max-age=5; path=/; httponly");
  });
});

test("a handler that throws answers 500 and nothing else", async () => {
  const { get } = await openBench(register);
  expect(await get("/api/throws")).toMatchObject({ status: 500, text: "" });
});

test("nothing can be registered once the app runs", async () => {
  const { get } = await openBench(register);
  expect((await get("/api/late")).text).toBe(
    "A function can only be registered during app startup.",
  );
});

test("over a socket the answers are the same", async () => {
  const { host } = await openBench(register);
  const server = await host.listen(0);
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/returns/json`);
  expect([answer.status, await answer.text()]).toEqual([200, '{"a":1}']);
  expect(answer.headers.get("server")).toBe("Kestrel");
  expect((await fetch(`http://127.0.0.1:${server.port}/api/none`)).status).toBe(404);
  await server.close();
});

describe("function names", () => {
  const named =
    (...names: string[]) =>
    () => {
      for (const name of names) app.http(name, { handler: () => ({ body: name }) });
    };

  test.each(["with.dot", "1digit", "with space", "umläut", "_lead", "host"])(
    "'%s' costs that one function",
    async (name) => {
      const lines: string[] = [];
      const { host } = await openBench(named(name, "good"), {
        log: ({ message }) => lines.push(message),
      });
      expect(host.functions.map((fn) => fn.name)).toEqual(["good"]);
      expect(lines).toContain(
        `The '${name}' function is in error: '${name}' is not a valid function name.`,
      );
    },
  );

  test("two that differ only in case stop the host", async () => {
    await expect(openBench(named("same", "Same"))).rejects.toThrow(
      "There are multiple methods with the name 'Host.Functions.Same'",
    );
  });

  test("the same twice is refused at once", async () => {
    await expect(openBench(named("same", "same"))).rejects.toThrow(
      'A function with id "same" has already been registered.',
    );
  });
});

test("an app that wants HTTP streaming is refused by name", async () => {
  const wanting = (): void => {
    try {
      app.setup({ enableHttpStream: true });
    } finally {
      // The library remembers it for the life of the process.
      app.setup({ enableHttpStream: false });
    }
  };
  await expect(openBench(wanting)).rejects.toThrow(
    "this host has no support for: enableHttpStream",
  );
});
