// A number that is none must pass no comparison: it is unknown, wherever it comes in.

import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { createActivityLog } from "../../shared/azure/activity-log.ts";
import { createApplicationRatio } from "../../shared/azure/application-ratio.ts";
import { createCachedCredential } from "../../shared/azure/identity/cached-credential.ts";
import { createInstances } from "../../shared/azure/instances.ts";
import { createPeers } from "../../shared/azure/peers.ts";
import { readReplication } from "../../shared/azure/sql/read-rows.ts";
import { answering, credential, ok, orders } from "./answering.ts";
import { adapterOn, ask, neu, type WireAnswer } from "./arm-wire.ts";

const clock = new VirtualClock(Date.UTC(2026, 8, 1));

const posted = (answer: WireAnswer) => ask(adapterOn(() => answer).groups, "fail-over");

describe("a number that is none", () => {
  // JSON has no NaN; but `1e999` is JSON, and read as infinite.
  const endless = (body: string): WireAnswer => ({ status: 200, body });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])(
    "for the life of a token (%s) is a token that is used up: it is asked for again",
    async (expiresOnTimestamp) => {
      let asked = 0;
      const cached = createCachedCredential({
        clock,
        credential: {
          getToken: async () => {
            asked += 1;
            return { token: "t", expiresOnTimestamp: expiresOnTimestamp as number };
          },
        },
      });
      await cached.getToken("scope");
      await cached.getToken("scope");
      expect(asked).toBe(2);
      expect(await cached.goodForMs("scope")).toBeNull();
    },
  );

  test.each(["NaN", "Infinity", "1e999", "-1", "0x10", "ten", ""])(
    "for a wait (%j) is the wait that nobody named",
    async (text) => {
      const headers = { "retry-after": text, "retry-after-ms": text };
      const accepted = await posted({ status: 202, body: "", headers });
      expect(accepted).toMatchObject({ kind: "accepted", retryAfterMs: 10_000 });
      const busy = await posted({ status: 429, body: "", headers });
      expect(busy).toMatchObject({ errorClass: "busy", retryAfterMs: 10_000 });
    },
  );

  test("for the size of an instance is unknown", async () => {
    const body = '{"properties":{"state":"Ready","vCores":1e999,"storageSizeInGB":-1e999}}';
    const { httpClient } = answering(() => endless(body));
    const instances = createInstances({ credential, httpClient, timeoutMs: 8_000 });
    expect(await instances.read(neu)).toMatchObject({ vCores: null, storageGb: null });
  });

  test.each(["1e999", "-1", "null", '"5"'])("for an age (%s) is a report unheard", async (age) => {
    const text = `{"version":1,"site":"neu","looks":[],"secondary":null,"lastTickAgeMs":${age}}`;
    const peers = createPeers({ send: async () => ({ status: 200, text }), keyOf: () => null });
    const site = {
      name: "neu",
      region: "northeurope",
      url: "https://neu.example.net",
      reference: null,
      store: null,
    };
    const report = await peers.observe(site, "orders-fog", 1_000);
    if (age === "null") expect(report).toMatchObject({ kind: "heard", lastTickAgeMs: null });
    else expect(report).toEqual({ kind: "unheard", because: "unreadable-report" });
  });

  test("for an instant is an entry of the log that is passed over", async () => {
    const entry = {
      operationName: { value: "Microsoft.Sql/managedInstances/write" },
      status: { value: "Succeeded" },
      resourceId: orders.home.id,
      eventTimestamp: "the day before",
    };
    const { httpClient } = answering(() => ok({ value: [entry] }));
    const activity = createActivityLog({
      credential,
      httpClient,
      timeoutMs: 8_000,
      clock,
      ownIds: [],
    });
    expect(await activity(orders, 60_000)).toEqual({ kind: "read", entries: [] });
  });

  test("for a lag or a share is unknown", async () => {
    expect(readReplication([["orders", Number.NaN, "1", "1"]])).toBeNull();
    expect(readReplication([["orders", 1, Number.POSITIVE_INFINITY, "1"]])).toBeNull();
    for (const cells of [
      [Number.NaN, 0, 0],
      [10, Number.NaN, 0],
      [10, 0, Number.NaN],
      [10, 0, 1e300],
      [1e300, 0, Number.POSITIVE_INFINITY],
    ]) {
      const columns = ["Total", "Failed", "AgeSeconds"];
      const askLogs = async () => ({ kind: "whole" as const, columns, rows: [cells] });
      const { httpClient } = answering(() => ok({}));
      const sent = { credential, httpClient, timeoutMs: 8_000, clock };
      const ratio = createApplicationRatio({
        ...sent,
        askLogs: async (asked) => {
          await asked.httpClient.sendRequest(
            createPipelineRequest({ url: "https://x.example.net", abortSignal: asked.abortSignal }),
          );
          return askLogs();
        },
      });
      expect(await ratio(orders.application?.successRatio ?? "")).toEqual({
        kind: "unknown",
        because: "no-telemetry",
      });
    }
  });
});
