import type { Bench, ClientAnswer } from "../bench.ts";
import { type Json, toJson } from "../json.ts";
import type { Answer, Probe } from "../probe.ts";
import type { WireAnswer } from "../wire.ts";

const OPERATIONS = ["terminate", "suspend", "resume", "rewind"] as const;

type Operation = (typeof OPERATIONS)[number] | "restart";

function post(bench: Bench, instanceId: string, operation: Operation): Promise<WireAnswer> {
  return bench.webhook("POST", `instances/${instanceId}/${operation}`, undefined, "&reason=r");
}

/** Statuses, restart and the rest, asked of an id that nobody has started. */
export const managementOfMissing: Probe = async (bench) => {
  const instanceId = `nope-${bench.run}`;
  const answers: Record<string, Answer> = {};
  answers["b6.raise to missing"] = await raised(bench, instanceId);
  for (const operation of OPERATIONS) {
    answers[`b7.${operation} on missing`] = await both(bench, instanceId, operation);
  }
  const restart = await post(bench, instanceId, "restart");
  answers["b7.restart on missing"] = { observed: { http: pair(restart) } };
  return answers;
};

/** The same, asked of an instance that has completed. */
export const managementOfEnded: Probe = async (bench) => {
  const instanceId = `${bench.run}-b7`;
  await bench.start("InputEcho", instanceId, {});
  await bench.settle(instanceId, 10_000);
  const answers: Record<string, Answer> = {};
  answers["b7.raise to completed"] = await raised(bench, instanceId);
  for (const operation of OPERATIONS) {
    answers[`b7.${operation} on completed`] = await both(bench, instanceId, operation);
  }
  return answers;
};

async function raised(bench: Bench, instanceId: string): Promise<Answer> {
  const client = await bench.raise(instanceId, "go", 1);
  const http = await bench.webhook("POST", `instances/${instanceId}/raiseEvent/go`, 1);
  return { observed: { client: toJson(client), http: pair(http) } };
}

async function both(bench: Bench, instanceId: string, operation: Operation): Promise<Answer> {
  const http = await post(bench, instanceId, operation);
  const client: ClientAnswer = await bench.client(operation, instanceId, "r");
  return { observed: { http: pair(http), client: toJson(client) } };
}

/** The bodies that raiseEvent accepts and those it does not. */
export async function raiseEventBodies(bench: Bench, instanceId: string): Promise<Json> {
  const path = bench.webhookPath(`instances/${instanceId}/raiseEvent/other`);
  const raise = async (body?: string, type?: string): Promise<Json> =>
    pair(
      await bench.wire({
        method: "POST",
        path,
        ...(type !== undefined && { headers: { "Content-Type": type } }),
        ...(body !== undefined && { body }),
      }),
    );
  return {
    empty: await raise("", "application/json"),
    notype: await raise('{"a":1}'),
    text: await raise("hello", "text/plain"),
    badjson: await raise("{bad", "application/json"),
    nobody: await raise(),
    clientNoData: toJson(await bench.raise(instanceId, "other")),
    clientNull: toJson(await bench.raise(instanceId, "other", null)),
  };
}

/** Status and body, as most HTTP answers were recorded. */
export function pair({ status, text }: WireAnswer): Json {
  return [status, text];
}
