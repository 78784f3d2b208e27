// One process of several: judges the incident files that it is sent, one after the other.

import { judgeIncidentFile } from "./judge-incident-file.ts";
import type { FromJudge, ToJudge } from "./judge-many.ts";

process.on("message", async ({ incidentFile, options }: ToJudge) => {
  const { result } = await judgeIncidentFile(incidentFile, options);
  process.send?.({ result } satisfies FromJudge);
});
