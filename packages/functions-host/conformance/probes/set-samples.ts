// The payloads that were recorded in full length: the binding of the client, the forms of a status,
// the answers of check and restart.

import { type Bench, briefOf } from "../bench.ts";
import { at, type Json, parseJson, parseJsonOrText, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";
import type { WireAnswer } from "../wire.ts";

const STATUS_FORMS = [
  "plain",
  "?showHistory=true",
  "?showHistory=true&showHistoryOutput=true",
  "?showInput=false",
  "?showInput=true",
  "?returnInternalServerErrorOnFailure=true",
] as const;

const json = ({ status, text }: WireAnswer): Json => [status, parseJsonOrText(text)];

const binding: Probe = async (bench) => {
  const body = parseJson((await bench.get("/api/binding")).text);
  return {
    binding: { observed: at(body, "inputs", 0) ?? null },
    managementPayloadClient: { observed: at(body, "payload") ?? null },
  };
};

const status: Probe = async (bench) => {
  const instanceId = `${bench.run}-e1`;
  await bench.start("CustomSteps", instanceId, { a: 1 });
  await bench.pause(1000);
  await bench.raise(instanceId, "go", { b: 1 });
  await bench.settle(instanceId, 10_000);
  const forms: Record<string, Json> = {};
  for (const form of STATUS_FORMS) {
    const query = form === "plain" ? "" : form.replace("?", "&");
    forms[form] = json(await bench.webhook("GET", `instances/${instanceId}`, undefined, query));
  }
  const check = await bench.get(`/api/check/${instanceId}`);
  return {
    statusForms: { observed: forms },
    check: { observed: [check.status, toJson(check.headers), parseJsonOrText(check.text)] },
  };
};

const restart: Probe = async (bench) => {
  const instanceId = `${bench.run}-e5`;
  await bench.start("InputEcho", instanceId, { orig: 1 });
  await bench.settle(instanceId, 10_000);
  const newId = await restartWith(bench, instanceId, "true");
  const restarted = String(at(newId, 1, "id"));
  const outNew = briefOf((await bench.settle(restarted, 10_000)).status);
  const sameId = await restartWith(bench, instanceId, "false");
  const outSame = briefOf((await bench.settle(instanceId, 10_000)).status);
  return {
    restart: {
      observed: {
        newId,
        sameId: [at(sameId, 0) ?? null, at(sameId, 1, "id") ?? null],
        outNew,
        outSame,
      },
    },
  };
};

async function restartWith(
  bench: Bench,
  instanceId: string,
  newId: "true" | "false",
): Promise<Json> {
  const query = `&restartWithNewInstanceId=${newId}`;
  return json(await bench.webhook("POST", `instances/${instanceId}/restart`, undefined, query));
}

export const setSamples: readonly Probe[] = [binding, status, restart];
export const SAMPLES = [
  "binding",
  "managementPayloadClient",
  "statusForms",
  "check",
  "restart",
] as const;
