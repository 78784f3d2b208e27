// The simulated Resource Manager against recorded answers: status, headers, and bodies key by key.

import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { createArmHttpClient } from "../../../simulator/azure/arm/arm-http-client.ts";
import type { WorldSettings } from "../../../simulator/azure/world/world.ts";
import type { Fault } from "../../../simulator/faults.ts";
import {
  createLab,
  fault,
  group,
  home,
  type Lab,
  MINUTE,
  partner,
  sites,
} from "../../contract/world-under-test.ts";
import { recorded, shapeOf, withEmptyList } from "./recorded-shape.ts";

const ENDPOINT = "https://management.azure.com";
const locations = `/subscriptions/${partner.subscriptionId}/resourceGroups/${partner.resourceGroup}/providers/Microsoft.Sql/locations`;
const groupUrl = `${ENDPOINT}${locations}/northeurope/instanceFailoverGroups/${group.name}`;
const VERSION = "?api-version=2022-05-01-preview";
const RATE_LIMITS = /^x-ms-ratelimit-remaining-/;

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly body: unknown;
}

interface Wire extends Lab {
  get(url: string): Promise<Answer>;
  post(url: string, body?: string, headers?: Record<string, string>): Promise<Answer>;
}

function start(faults: readonly Fault[] = [], settings: Partial<WorldSettings> = {}): Wire {
  const lab = createLab(faults, settings);
  const client = createArmHttpClient(lab.world, sites.neu);
  const send = async (
    method: "GET" | "POST",
    url: string,
    body: string | null,
    headers: Record<string, string>,
  ): Promise<Answer> => {
    const request = createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders(headers),
      ...(body === null ? {} : { body }),
    });
    const response = await lab.run(client.sendRequest(request));
    const text = response.bodyAsText ?? "";
    const json = /^[[{]/.test(text);
    return {
      status: response.status,
      headers: new Map(response.headers),
      text,
      body: json ? JSON.parse(text) : text,
    };
  };
  const bearer = { authorization: "Bearer simulated" };
  return {
    ...lab,
    get: (url) => send("GET", url, null, bearer),
    post: (url, body, headers = bearer) => send("POST", url, body ?? null, headers),
  };
}

function expectAs(
  answer: Answer,
  name: string,
  options: { readonly withoutItemsOf?: string } = {},
): void {
  const real = recorded(name);
  const shape = shapeOf(real.body);
  const { withoutItemsOf } = options;
  expect(answer.status, `${name}: status`).toBe(real.status);
  expect(shapeOf(answer.body), `${name}: body`).toEqual(
    withoutItemsOf === undefined ? shape : withEmptyList(shape, withoutItemsOf),
  );
  const names = Object.keys(real.headers).filter((header) => !RATE_LIMITS.test(header));
  expect([...answer.headers.keys()], `${name}: headers`).toEqual(expect.arrayContaining(names));
  const contentType = real.headers["content-type"];
  if (contentType !== undefined) expect(answer.headers.get("content-type")).toBe(contentType);
}

describe("failover groups on the wire", () => {
  test("a group, from either side and under either policy", async () => {
    const manual = start();
    const automatic = start([fault("policy-automatic")]);
    expectAs(await manual.get(groupUrl + VERSION), "arm-fog-planned-0-get-secondary-side-before");
    expectAs(await automatic.get(groupUrl + VERSION), "arm-fog-get-secondary-side-automatic");
    const there = groupUrl.replace("northeurope", "westeurope").replace("rg-neu", "rg-weu");
    expectAs(await automatic.get(there + VERSION), "arm-fog-get-primary-side-automatic");
  });

  test("the id has the region's display name, whatever form was asked in", async () => {
    const { get } = start();
    for (const form of ["northeurope", "North%20Europe", "NorthEurope"]) {
      const answer = await get(groupUrl.replace("northeurope", form) + VERSION);
      expect(answer.body).toMatchObject({
        id: `${locations}/North Europe/instanceFailoverGroups/${group.name}`,
        properties: { partnerRegions: [{ location: "westeurope" }] },
      });
    }
  });

  test("a planned failover from the request to its result", async () => {
    const { get, post, pass } = start();
    const accepted = await post(`${groupUrl}/failover${VERSION}`);
    expectAs(accepted, "arm-fog-planned-1-post-202");
    expect(accepted.headers.get("retry-after")).toBe("10");
    expect(accepted.body).toMatchObject({ operation: "FailoverManagedFailoverGroup" });
    const statusUrl = accepted.headers.get("azure-asyncoperation") ?? "";
    const resultUrl = accepted.headers.get("location") ?? "";

    expectAs(await get(statusUrl), "arm-fog-planned-2-poll-inprogress");
    expectAs(await get(statusUrl), "arm-fog-poll-inprogress-with-retry-after");
    expect((await get(resultUrl)).status).toBe(202);
    await pass(MINUTE);
    const ended = await get(statusUrl);
    expectAs(ended, "arm-fog-planned-3-poll-succeeded");
    expectAs(ended, "arm-fog-poll-succeeded-with-retry-after-12");
    const id = accepted.headers.get("x-ms-request-id");
    expect(ended.body).toMatchObject({ name: id, status: "Succeeded" });
    const result = await get(resultUrl);
    expectAs(result, "arm-fog-planned-4-location-result-200");
    expect(result.body).toMatchObject({ properties: { replicationRole: "Primary" } });
  });

  test("poll URLs are the subscription's, signed, over 3 KB, and good byte for byte only", async () => {
    const { get, post } = start();
    const accepted = await post(`${groupUrl}/forceFailoverAllowDataLoss${VERSION}`);
    const signed = recorded("arm-lro-signed-urls-1-delete-202").headers;
    for (const header of ["azure-asyncoperation", "location"]) {
      const url = accepted.headers.get(header) ?? "";
      const real = String(signed[header]);
      expect(url.length).toBeGreaterThan(3 * 1024);
      expect(url).not.toContain("/resourceGroups/");
      expect([...new URL(url).searchParams.keys()]).toEqual([...new URL(real).searchParams.keys()]);
      expect((await get(url)).status).toBeLessThan(300);
      expect((await get(url.replace("&s=", "&S="))).status).toBe(404);
      expect((await get(url.replace(/.$/, "~"))).status).toBe(404);
    }
  });

  test("a poll URL does not live for ever", async () => {
    const { get, post, pass, world } = start();
    const accepted = await post(`${groupUrl}/failover${VERSION}`);
    const url = accepted.headers.get("azure-asyncoperation") ?? "";
    const check = `${ENDPOINT}${partner.id}/validateAzureKeyVaultEncryptionKey${VERSION}`;
    for (let i = 0; i < 300; i++) await post(check, '{"tdeKeyUri":"https://kv.vault.azure.net/"}');
    await pass(MINUTE);
    expect((await get(url)).status).toBe(404);
    expect(world.pollUrls.size).toBeLessThanOrEqual(500);
  });

  test("a failed operation is a 200 with its error inside", async () => {
    const { get, post, pass } = start([fault("planned-stuck", { database: "orders" })]);
    const accepted = await post(`${groupUrl}/failover${VERSION}`);
    await pass(11 * MINUTE);
    const ended = await get(accepted.headers.get("azure-asyncoperation") ?? "");
    expectAs(ended, "arm-lro-signed-urls-2-poll-failed-200");
    const error = { code: "PlannedFailoverTimedOutForDatabase" };
    expect(ended.body).toMatchObject({ status: "Failed", error });
  });

  test("on the primary's side it answers word for word as recorded", async () => {
    const { post } = start();
    const there = groupUrl.replace("northeurope", "westeurope").replace("rg-neu", "rg-weu");
    const answer = await post(`${there}/failover${VERSION}`);
    expectAs(answer, "arm-fog-planned-on-primary-400");
    expect(answer.body).toEqual(recorded("arm-fog-planned-on-primary-400").body);
  });

  test("all groups of a region in a list", async () => {
    const { get } = start();
    const answer = await get(groupUrl.replace(`/${group.name}`, "") + VERSION);
    expect(answer.body).toMatchObject({ value: [{ name: group.name }] });
  });
});

describe("instances on the wire", () => {
  const instanceUrl = `${ENDPOINT}${partner.id}`;

  test("an instance", async () => {
    const { get } = start();
    const answer = await get(instanceUrl + VERSION);
    const withoutItemsOf = "properties.privateEndpointConnections";
    expectAs(answer, "arm-mi-get-gp-with-private-endpoints", { withoutItemsOf });
  });

  test("its running operation", async () => {
    const scaling = fault("operation-running", { on: "partner", name: "UpsertManagedServer" });
    const { get } = start([scaling]);
    const answer = await get(`${instanceUrl}/operations${VERSION}`);
    const real = shapeOf(recorded("arm-mi-operations-list-scaling").body);
    expect(real).toEqual(expect.arrayContaining([...shapeOf(answer.body)]));
    expect(answer.body).toMatchObject({ value: [{ properties: { state: "InProgress" } }] });
  });

  test("its protector", async () => {
    const { get } = start();
    const answer = await get(`${instanceUrl}/encryptionProtector/current${VERSION}`);
    expectAs(answer, "arm-mi-encryption-protector-customer-key");
  });

  test("its inaccessible databases, with the key that is missing", async () => {
    const closed = { on: "partner", database: "orders", because: "key-denied" };
    const { get } = start([fault("database-inaccessible", closed)]);
    const answer = await get(`${instanceUrl}/inaccessibleManagedDatabases${VERSION}`);
    expectAs(answer, "spec-mi-databases-list-one-inaccessible");
  });

  test("the check of its key, from the request to an empty result", async () => {
    const { get, post, pass } = start();
    const url = `${instanceUrl}/validateAzureKeyVaultEncryptionKey?api-version=2025-01-01`;
    const body = JSON.stringify({ tdeKeyUri: "https://kv.vault.azure.net/keys/tde/1" });
    const accepted = await post(url, body);
    expectAs(accepted, "spec-mi-validate-key-202");
    const statusUrl = accepted.headers.get("azure-asyncoperation") ?? "";
    expect((await get(statusUrl)).body).toMatchObject({ status: "InProgress" });
    await pass(MINUTE);
    expect((await get(statusUrl)).body).toMatchObject({ status: "Succeeded" });
    const result = await get(accepted.headers.get("location") ?? "");
    expectAs(result, "arm-mi-local-failover-4-location-result-empty-200");
    expect(result.headers.has("content-type")).toBe(false);
    expect(await post(url, "{}")).toMatchObject({ status: 400 });
  });

  test("a denied key is the operation's failure, by its code", async () => {
    const { get, post, pass } = start([fault("key-denied", { on: "partner" })]);
    const url = `${instanceUrl}/validateAzureKeyVaultEncryptionKey?api-version=2025-01-01`;
    const accepted = await post(url, '{"tdeKeyUri":"https://kv.vault.azure.net/keys/tde/1"}');
    await pass(MINUTE);
    const ended = await get(accepted.headers.get("azure-asyncoperation") ?? "");
    expectAs(ended, "arm-lro-signed-urls-2-poll-failed-200");
    expect(ended.body).toMatchObject({ error: { code: "AkvKeyAccessDenied" } });
  });
});

describe("errors on the wire", () => {
  test("two kinds of 404: the provider's and the gateway's", async () => {
    const { get } = start();
    const none = await get(groupUrl.replace(group.name, "none") + VERSION);
    expectAs(none, "arm-404-child-not-found-provider");
    expect(none.headers.has("x-ms-failure-cause")).toBe(false);
    const nowhere = await get(`${ENDPOINT}${home.id}x${VERSION}`);
    expectAs(nowhere, "arm-404-instance-not-found-gateway");
    expect(nowhere.headers.get("x-ms-failure-cause")).toBe("gateway");
  });

  test("without a token: 401 with a challenge, from the gateway", async () => {
    const { post, world } = start();
    const answer = await post(`${groupUrl}/failover${VERSION}`, "", {});
    expectAs(answer, "arm-401-expired-token");
    expect(world.record.posts).toEqual([]);
  });

  test.each([
    ["arm-throttled", {}, "arm-429-subscription-requests-throttled"],
    ["arm-5xx", { status: 504 }, "arm-504-gateway-timeout"],
    ["arm-html", {}, "gateway-403-html"],
  ] as const)("%s looks as recorded", async (what, more, name) => {
    const { get } = start([fault(what, more)]);
    expectAs(await get(groupUrl + VERSION), name);
  });

  test("busy has the envelope of every other refusal", async () => {
    const { post } = start();
    await post(`${groupUrl}/failover${VERSION}`);
    const answer = await post(`${groupUrl}/forceFailoverAllowDataLoss${VERSION}`);
    expect(answer.status).toBe(409);
    const envelope = shapeOf(recorded("arm-fog-planned-on-primary-400").body);
    expect(shapeOf(answer.body)).toEqual(envelope);
    expect(answer.body).toMatchObject({ error: { code: "InstanceFailoverGroupBusy" } });
  });
});
