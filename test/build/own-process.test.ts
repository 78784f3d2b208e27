// The plan runs timers, HTTP and durable work in separate processes, and may end any of them between two
// calls. Here every call has a process of its own, which ends after it; the store is what they share.

import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { callHost, type Deployed, deploy } from "./deployed.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let deployed: Deployed;
const processes = new Set<string>();

beforeAll(async () => {
  deployed = await deploy();
});

afterAll(() => deployed?.stop());

async function inOwnProcess(method: string, path: string, body?: object) {
  const name = `process-${processes.size}`;
  processes.add(name);
  const host = await deployed.start(name);
  try {
    return await callHost(host, method, path, body);
  } finally {
    host.kill();
  }
}

test("what a tick and a pause leave behind, other processes tell", async () => {
  expect(await inOwnProcess("POST", "tick")).toMatchObject({ status: 200, body: { site: "weu" } });
  const pause = { group: "orders-fog", reason: "rehearsal", owner: "operator" };
  expect(await inOwnProcess("POST", "pause", pause)).toMatchObject({ status: 200 });
  expect(JSON.stringify(await inOwnProcess("GET", "status/orders-fog"))).toContain("rehearsal");
  expect(await inOwnProcess("GET", "health")).toMatchObject({
    status: 200,
    body: { site: "weu", groups: [{ group: "orders-fog" }] },
  });
  expect(processes.size).toBe(4);
});
