import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { createExchanges } from "../../shared/azure/arm-exchange.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";

function exchangesOn() {
  const sent: string[] = [];
  const exchanges = createExchanges({
    clock: createWallClock(),
    timeoutMs: 8_000,
    httpClient: {
      async sendRequest(request) {
        sent.push(request.url);
        return { request, status: 200, headers: createHttpHeaders(), bodyAsText: request.url };
      },
    },
  });
  const post = (abortSignal: AbortSignal, url: string) =>
    exchanges.httpClient.sendRequest(createPipelineRequest({ method: "POST", url, abortSignal }));
  return { ...exchanges, post, sent };
}

test("whoever repeats a request, one reaches the wire, and its answer is the one that counts", async () => {
  const { exchange, post, sent } = exchangesOn();
  const answer = await exchange("resource", async (abortSignal) => {
    await post(abortSignal, "https://a/1");
    await post(abortSignal, "https://a/2");
  });
  expect(answer).toMatchObject({ kind: "answered", bodyText: "https://a/1" });
  expect(sent).toEqual(["https://a/1"]);
});

test("what is still under way when its exchange is over sends nothing", async () => {
  const { exchange, post, sent } = exchangesOn();
  const signals: AbortSignal[] = [];
  const answer = await exchange("resource", async (abortSignal) => {
    signals.push(abortSignal);
    throw new Error("Cannot make the request");
  });
  expect(answer).toEqual({
    kind: "not-sent",
    because: "request-not-made",
    code: "request-not-made",
  });
  for (const signal of signals) await expect(post(signal, "https://a/1")).rejects.toThrow("over");
  expect(signals).toHaveLength(1);
  expect(sent).toEqual([]);
});
