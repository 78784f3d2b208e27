import { describe, expect, test } from "vitest";
import { cloudEvent } from "../../../shared/azure/cloud-event.ts";
import type { OutgoingEvent } from "../../../shared/domain/event.ts";
import { createSiteFetch } from "../../../simulator/azure/site-fetch.ts";
import type { Fault } from "../../../simulator/faults.ts";
import { WEBHOOK } from "../../contract/ports-on-the-wire.ts";
import { createLab, fault, home, SECOND, sites } from "../../contract/world-under-test.ts";

const event: OutgoingEvent = {
  id: "orders-fog-1~ask~1",
  type: "ask",
  group: "orders-fog",
  incidentId: "orders-fog-1",
  at: Date.UTC(2026, 0, 15, 9),
  urgent: true,
  text: "orders-fog: a person is asked",
  data: { token: "one-time" },
};
const headers = { "content-type": "application/cloudevents+json; charset=utf-8" };

function start(...faults: readonly Fault[]) {
  const lab = createLab(faults);
  const asked: unknown[] = [];
  const send = async (request: unknown) => {
    asked.push(request);
    return { status: 200, text: "{}" };
  };
  const fetch = createSiteFetch(lab.world, sites.neu, { send, webhook: WEBHOOK });
  return { ...lab, asked, fetch };
}

describe("the webhook", () => {
  test("writes down what arrived, as it was meant", async () => {
    const { run, world, fetch } = start();
    const body = JSON.stringify(cloudEvent(event, "neu"));
    expect((await run(fetch(WEBHOOK, { method: "POST", headers, body }))).status).toBe(202);
    expect(world.record.sent).toEqual([{ at: world.at, site: "neu", event }]);
  });

  test.each([
    ["no JSON", "{"],
    ["no event", "{}"],
    ["another version", JSON.stringify({ ...cloudEvent(event, "neu"), specversion: "0.3" })],
    ["another's event", JSON.stringify({ ...cloudEvent(event, "neu"), type: "com.example.sold" })],
  ])("refuses %s, and tells nobody of it", async (_, body) => {
    const { run, world, fetch } = start();
    expect((await run(fetch(WEBHOOK, { method: "POST", headers, body }))).status).toBe(400);
    expect(world.record.sent).toEqual([]);
  });

  test("that is down says nothing until the caller gives up", async () => {
    const { run, clock, world, fetch } = start(fault("notifier-down"));
    const caller = new AbortController();
    clock.setTimer(clock.now() + 2 * SECOND, () => caller.abort());
    const body = JSON.stringify(cloudEvent(event, "neu"));
    const answer = run(fetch(WEBHOOK, { method: "POST", headers, body, signal: caller.signal }));
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    expect(world.record.sent).toEqual([]);
  });
});

test("another site is asked with the key that it was shown", async () => {
  const { run, asked, fetch } = start();
  const url = `${sites.sec.url}/api/tick`;
  await run(fetch(url, { method: "POST", headers: { "x-functions-key": "of-sec" } }));
  expect(asked).toMatchObject([{ method: "POST", url, headers: { "x-functions-key": "of-sec" } }]);
});

test("a region's page answers while the region lives", async () => {
  const page = home.regionReference ?? "";
  const alive = start();
  expect((await alive.run(alive.fetch(page, { method: "HEAD" }))).status).toBe(200);
  const dark = start(fault("region-dark", { region: home.region }));
  await expect(dark.run(dark.fetch(page, { method: "HEAD" }))).rejects.toThrow("fetch failed");
});

test("a host that is not in this world does not resolve", async () => {
  const { run, fetch } = start();
  const answer = run(fetch("https://api.example.org/", { method: "GET" }));
  await expect(answer).rejects.toMatchObject({ cause: { code: "ENOTFOUND" } });
});
