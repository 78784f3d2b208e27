import { expect, test } from "vitest";
import { ACTIVITIES, ORCHESTRATION } from "../../orchestrations/contracts.ts";
import { simulate } from "../support/simulated-sites.ts";

test("every name that a motor may call is registered: an unknown one would hang it for ever", async () => {
  const { sites } = await simulate();
  const registered = sites.host("neu").functions.map(({ name, kind }) => `${kind} ${name}`);
  sites.stop();
  expect(registered).toEqual(
    expect.arrayContaining([
      ...ACTIVITIES.map(({ name }) => `activity ${name}`),
      ...Object.values(ORCHESTRATION).map((name) => `orchestration ${name}`),
    ]),
  );
});
