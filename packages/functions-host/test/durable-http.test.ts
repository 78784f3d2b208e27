import { app } from "@azure/functions";
import * as df from "durable-functions";
import { describe, expect, test } from "vitest";
import { type Bench, DURABLE, openBench, orchestration, SECOND } from "./bench.ts";

function register(): void {
  let attempts = 0;
  df.app.activity("SecondTime", {
    handler: () => {
      attempts++;
      if (attempts === 1) throw new Error("first time fails");
      return { attempts };
    },
  });
  orchestration("Waits", function* (c) {
    return { got: yield c.df.waitForExternalEvent("go") };
  });
  // biome-ignore lint/correctness/useYield: it has nothing to wait for
  orchestration("Quick", function* (c) {
    c.df.setCustomStatus({ step: 1 });
    return c.df.getInput();
  });
  orchestration("Fragile", function* (c) {
    return yield c.df.callActivity("SecondTime", {});
  });
  orchestration("Entities", function* (c) {
    return yield c.df.callEntity(new df.EntityId("counter", "one"), "get");
  });
  df.app.entity("counter", () => undefined);
  df.app.client.http("client", {
    methods: ["POST"],
    handler: async (request, client) => {
      const { method, args } = (await request.json()) as {
        method: keyof df.DurableClient;
        args: unknown[];
      };
      const call = client[method] as (...args: unknown[]) => Promise<unknown>;
      try {
        return { jsonBody: { returned: (await call.apply(client, args)) ?? null } };
      } catch (error) {
        return { jsonBody: { threw: (error as Error).message } };
      }
    },
  });
}

const KEY = { "content-type": "application/json", "x-functions-key": "system-key" };

async function open() {
  const bench = await openBench(register);
  const call = async (method: string, path: string, body?: string) => {
    let answered = false;
    const pending = bench.host
      .fetch({
        method,
        url: `${DURABLE}/${path}`,
        headers: KEY,
        ...(body === undefined ? {} : { body }),
      })
      .finally(() => {
        answered = true;
      });
    await bench.clock.runUntil(() => answered);
    const { status, headers, body: bytes } = await pending;
    const text = Buffer.from(bytes).toString();
    return { status, headers, body: text === "" ? "" : (JSON.parse(text) as unknown) };
  };
  return { ...bench, call };
}

async function viaClient(bench: Bench, method: string, ...args: unknown[]): Promise<unknown> {
  return JSON.parse((await bench.post("/api/client", JSON.stringify({ method, args }))).text);
}

describe("starting", () => {
  test("answers 202 with the addresses to watch and steer the instance", async () => {
    const { call } = await open();
    const { status, headers, body } = await call("POST", "orchestrators/Quick/x", "{}");
    expect([status, headers["retry-after"]]).toEqual([202, "10"]);
    expect(Object.keys(body as object)).toEqual([
      "id",
      "statusQueryGetUri",
      "sendEventPostUri",
      "terminatePostUri",
      "purgeHistoryDeleteUri",
      "restartPostUri",
      "suspendPostUri",
      "resumePostUri",
    ]);
    expect(headers.location).toBe((body as { statusQueryGetUri: string }).statusQueryGetUri);
  });

  test("an instance that still runs: 409; one that has ended is replaced", async () => {
    const { call, pass, settle } = await open();
    await call("POST", "orchestrators/Waits/x", "{}");
    expect(await call("POST", "orchestrators/Waits/x", "{}")).toMatchObject({
      status: 409,
      body: { Message: "An Orchestration instance with the status Pending already exists." },
    });
    await pass(SECOND);
    await call("POST", "instances/x/terminate?reason=end");
    await settle("x");
    expect((await call("POST", "orchestrators/Quick/x", '{"n":2}')).status).toBe(202);
    await pass(SECOND);
    expect((await settle("x")).output).toEqual({ n: 2 });
  });

  test("any state is replaced where host.json says so", async () => {
    const durableTask = { overridableExistingInstanceStates: "AnyState" };
    const bench = await openBench(register, { hostJson: { extensions: { durableTask } } });
    await bench.start("Waits", "x");
    await bench.pass(SECOND);
    expect(await bench.start("Quick", "x", { n: 1 })).toBe(202);
    await bench.pass(SECOND);
    expect(bench.instance("x")).toMatchObject({ status: "Completed", output: { n: 1 } });
  });

  test("an unknown name: accepted, and failed", async () => {
    const { call, settle } = await open();
    expect((await call("POST", "orchestrators/Nope/x", "{}")).status).toBe(202);
    expect((await settle("x")).output).toMatch(
      /^Orchestrator function 'Nope' failed: The function 'Nope' doesn't exist, is disabled/,
    );
  });

  test("with a wait for the end: 200 with the output, or 202 when it takes too long", async () => {
    const { call } = await open();
    const wait = "?timeout=3&pollingInterval=1";
    expect(await call("POST", `orchestrators/Quick${wait}`, '{"n":1}')).toMatchObject({
      status: 200,
      body: { n: 1 },
    });
    expect((await call("POST", `orchestrators/Waits${wait}`, "{}")).status).toBe(202);
    const wrong = await call("POST", "orchestrators/Waits?timeout=1&pollingInterval=2", "{}");
    expect(wrong).toMatchObject({
      status: 400,
      body: { Message: "Total timeout 1 should be bigger than retry timeout 2" },
    });
  });
});

describe("asking for the status", () => {
  test("202 and pending, without history, before anybody took the start", async () => {
    const { call } = await open();
    await call("POST", "orchestrators/Quick/x", '{"a":1}');
    const { status, headers, body } = await call("GET", "instances/x?showHistory=true");
    expect([status, headers["retry-after"]]).toEqual([202, "5"]);
    expect(body).toEqual({
      name: "Quick",
      instanceId: "x",
      runtimeStatus: "Pending",
      input: { a: 1 },
      customStatus: null,
      output: null,
      createdTime: expect.stringMatching(/^2026-01-01T00:00:0\dZ$/),
      lastUpdatedTime: expect.stringMatching(/^2026-01-01T00:00:0\dZ$/),
    });
  });

  test("200 once it has ended; history, input and outputs as asked", async () => {
    const { call, settle } = await open();
    await call("POST", "orchestrators/Quick/x", '{"a":1}');
    await settle("x");
    const plain = await call("GET", "instances/x?showInput=false&showHistory=true");
    expect(plain).toMatchObject({ status: 200, body: { input: null, customStatus: { step: 1 } } });
    const events = (plain.body as { historyEvents: object[] }).historyEvents;
    expect(events.map((event) => Object.keys(event))).toEqual([
      [
        "EventType",
        "Correlation",
        "ParentTraceContext",
        "ScheduledStartTime",
        "Generation",
        "GenerateNewTrace",
        "Timestamp",
        "FunctionName",
      ],
      ["EventType", "OrchestrationStatus", "FailureDetails", "Timestamp"],
    ]);
  });

  test("500 for a failed one where the caller asks for that", async () => {
    const { call, settle } = await open();
    await call("POST", "orchestrators/Fragile/x", "{}");
    await settle("x");
    expect((await call("GET", "instances/x")).status).toBe(200);
    const asked = await call("GET", "instances/x?returnInternalServerErrorOnFailure=true");
    expect(asked).toMatchObject({ status: 500, body: { runtimeStatus: "Failed" } });
  });

  test("lists come in pages, filtered by status", async () => {
    const { call, pass, start } = await open();
    for (const id of ["a", "b", "c"]) await start("Waits", id);
    await start("Quick", "d");
    await pass(SECOND);
    const ids = (body: unknown): string[] =>
      (body as { instanceId: string }[]).map(({ instanceId }) => instanceId);
    expect(ids((await call("GET", "instances?runtimeStatus=Running,Failed")).body)).toEqual([
      "a",
      "b",
      "c",
    ]);
    const page = await call("GET", "instances?top=3");
    expect(ids(page.body)).toEqual(["a", "b", "c"]);
    expect(page.headers).toHaveProperty("x-ms-continuation-token");
  });
});

describe("changing what is not there", () => {
  test.each([
    ["POST", "instances/x/raiseEvent/go", 404, ""],
    ["POST", "instances/x/terminate", 404, ""],
    ["POST", "instances/x/rewind", 404, 'No orchestration with instance ID "$x" found.'],
    ["DELETE", "instances/x", 404, ""],
    ["DELETE", "instances", 400, "Please provide value for 'createdTimeFrom' parameter."],
    ["POST", "instances/x/dance", 404, ""],
    ["PUT", "instances/x", 404, ""],
    ["GET", "nowhere", 404, ""],
  ])("%s %s: %i", async (method, path, status, body) => {
    const { call } = await open();
    expect(await call(method, path, method === "GET" ? undefined : "{}")).toMatchObject({
      status,
      body,
    });
  });

  test("restart: 400 with the reason", async () => {
    const { call } = await open();
    expect(await call("POST", "instances/x/restart")).toMatchObject({
      status: 400,
      body: {
        Message: "InstanceId does not match a valid orchestration instance.",
        ExceptionMessage: "No instance with ID 'x' was found. (Parameter 'instanceId')",
        ExceptionType: "System.ArgumentException",
      },
    });
  });
});

describe("changing what has ended, or not yet", () => {
  test.each([
    ["POST", "raiseEvent/go", 410],
    ["POST", "terminate", 410],
    ["POST", "suspend", 410],
    ["POST", "resume", 410],
    ["POST", "rewind", 412],
  ])("%s %s on a completed instance: %i", async (method, operation, status) => {
    const { call, settle, start } = await open();
    await start("Quick", "x");
    await settle("x");
    expect((await call(method, `instances/x/${operation}`, "{}")).status).toBe(status);
  });

  test("a running instance cannot be purged, nor resumed, nor started again by restart", async () => {
    const { call, start, pass } = await open();
    await start("Waits", "x");
    await pass(SECOND);
    expect(await call("DELETE", "instances/x")).toMatchObject({
      status: 412,
      body: "Only orchestrations in a terminal state can be purged, but the orchestration with instance ID x has status Running",
    });
    expect(await call("POST", "instances/x/resume")).toMatchObject({
      status: 500,
      body: {
        Message: "Something went wrong while processing your request",
        ExceptionMessage:
          "Cannot resume the orchestration instance x because instance is in the Running state.",
      },
    });
    expect(await call("POST", "instances/x/restart?restartWithNewInstanceId=false")).toMatchObject({
      status: 409,
      body: { Message: "A non-terminal instance with this instance ID already exists." },
    });
  });

  test("what has ended can be purged, once", async () => {
    const { call, start, settle } = await open();
    await start("Quick", "x");
    await settle("x");
    expect(await call("DELETE", "instances/x")).toMatchObject({
      status: 200,
      body: { instancesDeleted: 1 },
    });
    expect((await call("DELETE", "instances/x")).status).toBe(404);
  });

  test("a failed instance is rewound and completes", async () => {
    const { call, start, settle, historyOf } = await open();
    await start("Fragile", "x");
    expect((await settle("x")).status).toBe("Failed");
    expect((await call("POST", "instances/x/rewind?reason=again")).status).toBe(202);
    expect(await settle("x")).toMatchObject({ status: "Completed", output: { attempts: 2 } });
    const generic = (await historyOf("x")).filter((event) => event.EventType === "GenericEvent");
    expect(generic.map((event) => event.Data)).toEqual([null, null, null, "again"]);
  });
});

test("an event must be JSON, and say so", async () => {
  const { host, start, call } = await open();
  await start("Waits", "x");
  const plain = await host.fetch({
    method: "POST",
    url: `${DURABLE}/instances/x/raiseEvent/go?code=system-key`,
    body: "1",
  });
  expect([plain.status, Buffer.from(plain.body).toString()]).toEqual([
    400,
    '{"Message":"Only application/json request content is supported"}',
  ]);
  expect(await call("POST", "instances/x/raiseEvent/go", "")).toMatchObject({
    status: 400,
    body: {
      Message: "Invalid JSON content",
      ExceptionMessage: "Error reading JToken from JsonReader. Path '', line 0, position 0.",
    },
  });
});

test("the client in a function meets the same answers", async () => {
  const bench = await open();
  expect(await viaClient(bench, "startNew", "Waits", { instanceId: "x", input: {} })).toEqual({
    returned: "x",
  });
  expect(await viaClient(bench, "startNew", "Waits", { instanceId: "x", input: {} })).toEqual({
    threw:
      'The operation failed with an unexpected status code: 409. Details: {"Message":"An Orchestration instance with the status Pending already exists."}',
  });
  await bench.pass(SECOND);
  expect(await viaClient(bench, "getStatus", "x")).toMatchObject({
    returned: { runtimeStatus: "Running" },
  });
  expect(await viaClient(bench, "raiseEvent", "nope", "go", 1)).toEqual({
    threw: "No instance with ID 'nope' found.",
  });
  expect(await viaClient(bench, "terminate", "x", "because & more")).toEqual({ returned: null });
  expect((await bench.settle("x")).output).toBe("because");
  expect(await viaClient(bench, "purgeInstanceHistory", "x")).toEqual({
    returned: { instancesDeleted: 1 },
  });
  expect(await viaClient(bench, "getStatusAll")).toEqual({ returned: [] });
});

test("what this host cannot do is refused by name", async () => {
  const { call, start, settle } = await open();
  await start("Entities", "x");
  expect((await settle("x")).output).toContain("this host has no support for: callEntity");
  expect(await call("GET", "entities/counter/one")).toMatchObject({
    status: 501,
    body: { Message: expect.stringContaining("this host has no support for: entities") },
  });
});

test("timers and activities that ask for a client get one", async () => {
  const extraInputs = [df.input.durableClient()];
  const { pass, start, instance } = await openBench(() => {
    register();
    app.timer("by-schedule", {
      schedule: "30 * * * * *",
      extraInputs,
      handler: async (_, context) => {
        await df.getClient(context).startNew("Quick", { instanceId: "by-timer", input: {} });
      },
    });
    df.app.activity("Starter", {
      extraInputs,
      handler: async (_, context) => ({
        id: await df.getClient(context).startNew("Quick", { instanceId: "by-activity", input: {} }),
      }),
    });
    orchestration("Starts", function* (c) {
      return yield c.df.callActivity("Starter", {});
    });
  });
  await start("Starts", "x");
  await pass(40 * SECOND);
  expect(instance("by-timer").status).toBe("Completed");
  expect(instance("by-activity").status).toBe("Completed");
});
