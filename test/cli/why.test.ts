import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { renderWhy } from "../../cli/render-why.ts";
import { runCommand } from "../../cli/run-command.ts";
import { parseStatus, type StatusAnswer } from "../../cli/status-answer.ts";
import type { Fault } from "../../simulator/faults.ts";
import { GROUP, MINUTE, regionLost, simulate } from "../support/simulated-sites.ts";

const SAMPLE = fileURLToPath(new URL("../../geo-failover.sample.yaml", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "geo-failover-why-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the leading site of the whole app answers some minutes into an incident. */
async function statusAfter(ms: number, faults: readonly Fault[], site = "neu"): Promise<string> {
  const { sites, clock, runTo } = await simulate({ faults });
  await runTo(ms);
  const host = sites.host(site);
  let answered = false;
  const pending = host.fetch({
    method: "GET",
    url: `/api/status/${GROUP}?live=1`,
    headers: { "x-functions-key": host.keys.host },
  });
  const mark = (): void => {
    answered = true;
  };
  pending.then(mark, mark);
  await clock.runUntil(() => answered);
  const { body } = await pending;
  sites.stop();
  return new TextDecoder().decode(body);
}

function read(text: string): StatusAnswer {
  const reading = parseStatus(text);
  if (reading.kind === "refused") throw new Error(reading.because);
  return reading.status;
}

describe("why it did not fail over has an answer", () => {
  test("in peace: nothing is wrong", async () => {
    const told = renderWhy(read(await statusAfter(3 * MINUTE, [])));
    expect(told).toMatch(/^orders-fog as neu has it, .*: watching, mode automatic\n/);
    expect(told).toContain("no incident");
    expect(told).toMatch(
      /Decided now, .*: nothing is sent: no strict majority .*\n {2}wrong +nothing/,
    );
    expect(told).toMatch(/\n {2}rule no-majority, diagnosis none\n$/);
  });

  test("in the grace: how much of it is left to wait for", async () => {
    const told = renderWhy(read(await statusAfter(3 * MINUTE, [regionLost()])));
    expect(told).toMatch(/: incident, mode automatic\n/);
    expect(told).toMatch(/The incident's last decision: nothing is sent: the grace is not over\n/);
    expect(told).toMatch(/waits for\n {4}outage: .*\n/);
  });

  test("for hours: a dead secondary, and what to do about it", async () => {
    const dead = { fault: "instance-down", on: "partner", at: 0 } as const;
    const told = renderWhy(read(await statusAfter(8 * MINUTE, [dead, regionLost()])));
    expect(told).toContain(
      "The incident's last decision: nothing is sent: the secondary is not known to answer SQL",
    );
    expect(told).toContain("→ look at the secondary first");
  });

  test("after a blip: how the incident ended, and what is decided now", async () => {
    const told = renderWhy(read(await statusAfter(9 * MINUTE, [regionLost({ for: MINUTE })])));
    expect(told).toMatch(/last incident .*; .* over: the primary is well again\n/);
    expect(told).toContain("Decided now");
  });

  test("away from home: why it has not gone home", async () => {
    const lost = regionLost({ for: 8 * MINUTE });
    const told = renderWhy(read(await statusAfter(14 * MINUTE, [lost], "weu")));
    expect(told).toMatch(
      /The way home: nothing is sent: the home side has not been healthy for long/,
    );
  });
});

describe("why", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A site that answers this; its address. */
  async function siteOf(status: number, text: string): Promise<string> {
    const server = createServer((_, answer) => answer.writeHead(status).end(text));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The sample configuration with its sites at these addresses, the others where nobody listens. */
  function configWith(addresses: readonly string[]): string {
    const path = join(folder, "geo-failover.yaml");
    const left = [...addresses, ...[1, 2, 3].map((port) => `http://127.0.0.1:${port}`)];
    const text = readFileSync(SAMPLE, "utf8").replace(
      /(url: "?)https:\/\/[^"\s,]+/g,
      (_, key: string) => `${key}${left.shift()}`,
    );
    writeFileSync(path, text);
    return path;
  }

  const run = (path: string, ...more: readonly string[]) =>
    runCommand(["why", GROUP, "--config", path, ...more], {});

  test("asks every site, and names those that gave no answer", async () => {
    const text = await statusAfter(3 * MINUTE, []);
    const path = configWith([await siteOf(200, text), await siteOf(401, "")]);
    const { exitCode, stdout, stderr } = await run(path);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("Decided now");
    expect(stderr).toContain("could not be asked: HTTP 401: put its function key into");
    expect(stderr).toContain("could not be asked: no answer");
  });

  test("that nobody answers ends with 1", async () => {
    const { exitCode, stdout } = await run(configWith([]));
    expect([exitCode, stdout]).toEqual([1, ""]);
  });

  test("an answer that is no status is named, not shown", async () => {
    const { exitCode, stderr } = await run(configWith([await siteOf(200, "<html>")]));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("could not be asked: it is not JSON");
  });

  test.each([
    [["order-fog"], "did you mean orders-fog?"],
    [["orders-fog", "--site", "nowhere"], "no site nowhere"],
  ])("%j is a misuse", async (args, because) => {
    const { exitCode, stderr } = await runCommand(["why", ...args, "--config", SAMPLE], {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain(because);
  });
});
