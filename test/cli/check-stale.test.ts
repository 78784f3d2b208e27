// A site that answers and has stopped looking: what it last saw is no proof of today.

import { expect, test } from "vitest";
import * as z from "zod";
import type { SendRequest } from "../../shared/azure/peers.ts";
import { createSession } from "../../shared/azure/sql/session.ts";
import { Fault } from "../../simulator/faults.ts";
import { checked } from "../support/checked.ts";

const HOUR = 60 * 60_000;
const Told = z.looseObject({
  groups: z.array(
    z.looseObject({ lastLook: z.looseObject({ value: z.looseObject({ ageMs: z.number() }) }) }),
  ),
});

/** As if the last look of every site had been an hour ago. */
function anHourAgo(send: SendRequest): SendRequest {
  return async (request) => {
    const answer = await send(request);
    const told = Told.safeParse(JSON.parse(answer.text));
    if (!told.success) return answer;
    for (const { lastLook } of told.data.groups) lastLook.value.ageMs += HOUR;
    return { ...answer, text: JSON.stringify(told.data) };
  };
}

test("a canary table that nobody has reached for an hour is unknown, though it was written to then", async () => {
  const away = Fault.parse({ fault: "partition", from: "outside", to: "westeurope", at: 0 });
  const listener = { http: <T>(client: T) => client, send: anHourAgo, session: createSession };
  const row = async (more: object) => {
    const { findings } = await checked([away], more);
    return findings.find(({ check, subject }) => check === "canary" && subject === "orders");
  };
  expect(await row({})).toMatchObject({ state: "ok" });
  expect(await row({ listener })).toMatchObject({ state: "unknown" });
});
