import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OrderReading, orderWorld } from "../../demo/world/order-world.ts";
import { runWorld } from "../../demo/world/run-world.ts";
import { type ServedWorld, serveWorld } from "../../demo/world/serve-world.ts";

let served: ServedWorld;

beforeAll(async () => {
  const reading = orderWorld(["--port", "0"]);
  if (reading.kind !== "serve") throw new Error(`Cannot order a world: ${reading.kind}`);
  served = await serveWorld({ ...reading.order, say: () => undefined });
});

afterAll(() => served.close());

async function inject(body: string): Promise<{ status: number; answer: unknown }> {
  const answer = await fetch(`${served.url}/faults`, { method: "POST", body });
  return { status: answer.status, answer: await answer.json() };
}

describe("whoever plays with the world", () => {
  test("injects a fault from now on, in the words of a scenario", async () => {
    const fault = { fault: "region-dark", region: "home", for: "PT5M" };
    expect(await inject(JSON.stringify(fault))).toEqual({
      status: 201,
      answer: { fault: "region-dark", at: 0, for: 300_000, region: "westeurope" },
    });
    expect(served.world.siteRuns("weu")).toBe(false);
    expect(served.world.siteRuns("neu")).toBe(true);
  });

  test.each([
    ["nothing at all", "", /write \{"fault": NAME/],
    ["what is no JSON", "{", /write \{"fault": NAME/],
    ["a name that is no fault's", '{"fault":"region-drak"}', /did you mean region-dark\?/],
    ["a fault that lacks what it is about", '{"fault":"region-dark"}', /at region/],
    ["a property that no fault has", '{"fault":"arm-down","regoin":"home"}', /regoin/],
    [
      "a region that is not in this world",
      '{"fault":"region-dark","region":"westeurop"}',
      /no region westeurop: did you mean westeurope\?/,
    ],
    [
      "an instance that is nobody's",
      '{"fault":"writes-hang","on":"mi-x"}',
      /no instance mi-x: known are home/,
    ],
    ["a site that is not in this world", '{"fault":"store-down","site":"fra"}', /no site fra/],
    ["what befalls a process", '{"fault":"site-stalls","site":"neu"}', /do it to the process/],
  ])("is refused %s, and told why", async (_, body, because) => {
    expect(await inject(body)).toEqual({
      status: 400,
      answer: { error: expect.stringMatching(because) },
    });
  });

  test("reads the world's own ledger, every fault with its meaning, and a site's settings", async () => {
    const read = async (path: string) => (await fetch(`${served.url}${path}`)).text();
    expect(JSON.parse(await read("/ledger"))).toMatchObject({ posts: [], roles: [{}] });
    expect(JSON.parse(await read("/faults"))).toMatchObject({ "arm-down": expect.any(String) });
    expect(await read("/environment/neu")).toContain("\nGEO_FAILOVER_SITE=neu\n");
    expect(await read("/environment/fra")).toContain("no site fra: known are weu, neu, sec");
    expect(await read("/legder")).toContain("GET /ledger, GET /faults");
  });
});

describe("the command line", () => {
  const refusal = (reading: OrderReading): string =>
    reading.kind === "refused" ? reading.because : reading.kind;

  test.each([
    [["--scenario", "nowhere.yaml"], /^Cannot read nowhere.yaml: ENOENT$/],
    [["--scenario", "demo/demo.yaml"], /^Cannot read the scenario demo\/demo.yaml: /],
    [["--config", "nowhere.yaml"], /^Cannot read nowhere.yaml: ENOENT$/],
    [["--port", "70000"], /write a whole number up to 65535: 70000/],
    [["--port", "x"], /write a whole number up to 65535: x/],
    [["--prot", "1"], /--prot/],
  ])("%j is refused, and why", (argv, because) => {
    expect(refusal(orderWorld(argv))).toMatch(because);
  });

  test("a scenario of the demo befalls this world, too", () => {
    const reading = orderWorld(["--scenario", "region-loss"]);
    expect(reading).toMatchObject({
      kind: "serve",
      order: { faults: [{ fault: "region-dark", region: "westeurope" }] },
    });
  });

  test("a second world on the same port does not begin, and says so", async () => {
    const said: string[] = [];
    const { port } = new URL(served.url);
    const code = await runWorld(["--port", port], {
      out: (text) => said.push(text),
      error: (text) => said.push(text),
      signal: new AbortController().signal,
    });
    expect(code).toBe(1);
    expect(said.join("")).toMatch(new RegExp(`^Cannot serve the world: port ${port} is taken`));
  });
});
