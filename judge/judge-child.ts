// One process of several: judges the scenarios that it is sent, one after the other.

import type { FromJudge, ToJudge } from "./judge-many.ts";
import { judgeScenario } from "./judge-scenario.ts";

process.on("message", async ({ scenario, options }: ToJudge) => {
  const { result } = await judgeScenario(scenario, options);
  process.send?.({ result } satisfies FromJudge);
});
