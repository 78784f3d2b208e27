import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Group, Instance } from "../../shared/domain/group.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { policy } from "../support/facts.ts";
import { neu, TOKEN, type WireAnswer } from "./arm-wire.ts";

export const credential: TokenCredential = {
  getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** A transport that answers as it is told, and keeps what it was asked. */
export function answering(answer: (request: PipelineRequest) => WireAnswer | Promise<WireAnswer>): {
  readonly httpClient: HttpClient;
  readonly sent: PipelineRequest[];
} {
  const sent: PipelineRequest[] = [];
  return {
    sent,
    httpClient: {
      async sendRequest(request) {
        sent.push(request);
        const { status, headers, body } = await answer(request);
        return { request, status, headers: createHttpHeaders(headers ?? {}), bodyAsText: body };
      },
    },
  };
}

export function ok(body: object): WireAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

/** A clock on which every deadline has come as soon as it is set. */
export const impatient: Clock = {
  now: () => 0,
  sleep: async () => undefined,
  setTimer: (_at, run) => {
    const timer = setImmediate(run);
    return { cancel: () => clearImmediate(timer) };
  },
};

/** A transport whose answers never come, and that hears no signal. */
export const deaf: HttpClient = { sendRequest: () => new Promise(() => undefined) };

const weu: Instance = {
  ...neu,
  id: neu.id.replaceAll("neu", "weu"),
  resourceGroup: "rg-weu",
  name: "mi-orders-weu",
  region: "westeurope",
  fqdn: "mi-orders-weu.abc123.database.windows.net",
};

export const WORKSPACE = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

export const orders: Group = {
  name: "orders-fog",
  home: weu,
  partner: neu,
  canary: { database: "orders" },
  application: {
    successRatio: `app-insights:${WORKSPACE}/role/orders-api`,
    floor: 0.5,
    capacityAtTarget: "https://orders.example.net/capacity",
  },
  alertTargets: [],
  changeScopes: [],
  policy: policy(),
};
