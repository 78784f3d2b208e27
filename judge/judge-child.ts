// One process of several: judges the incident files that it is sent, one after the other.

import { unawaited } from "functions-host/unawaited";
import { judgeIncidentFile } from "./judge-incident-file.ts";
import type { FromJudge, ToJudge } from "./judge-many.ts";

process.on("message", (work: ToJudge) => unawaited(judge(work), die));

async function judge({ incidentFile, options }: ToJudge): Promise<void> {
  const { result } = await judgeIncidentFile(incidentFile, options);
  process.send?.({ result } satisfies FromJudge);
}

/** Whoever waits for this process learns from its end that there will be no answer. */
function die(because: string): void {
  console.error(because);
  process.exit(1);
}
